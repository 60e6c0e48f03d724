// The page's verifier without a browser: a line of JSON in ({"data": base64, "pinned": [..]}), a line out ({"word", "kinds"}).

import { createInterface } from 'node:readline'
import { check } from '../../static/verify/check.js'

for await (const line of createInterface({ input: process.stdin })) {
  const { data, pinned } = JSON.parse(line)
  const reports = await check(new Uint8Array(Buffer.from(data, 'base64')), 'x', new Set(pinned))
  console.log(JSON.stringify(reports.map(({ word, kinds }) => ({ word, kinds }))))
}
