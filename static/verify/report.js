// What a check found, and the one word that it comes to: the exit codes of `flask verify`.

export const WORDS = ['ok', 'tampered', 'incomplete', 'unknown_key', 'redacted']
const [, TAMPERED, INCOMPLETE, UNKNOWN_KEY, REDACTED] = [0, 1, 2, 3, 4]
const WORST_FIRST = [TAMPERED, UNKNOWN_KEY, INCOMPLETE, REDACTED]

export class Report {
  constructor(title) {
    this.title = title
    this.findings = []
    this.notes = []
    this.facts = {}
  }

  tampered(kind, facts = {}) {
    this.findings.push({ word: TAMPERED, kind, facts })
  }

  unknown(kind, facts = {}) {
    this.findings.push({ word: UNKNOWN_KEY, kind, facts })
  }

  incomplete(kind, facts = {}) {
    this.findings.push({ word: INCOMPLETE, kind, facts })
  }

  redacted(kind, facts = {}) {
    this.findings.push({ word: REDACTED, kind, facts })
  }

  note(kind, facts = {}) {
    this.notes.push({ word: 0, kind, facts })
  }

  get word() {
    return WORST_FIRST.find((word) => this.findings.some((finding) => finding.word === word)) ?? 0
  }

  get kinds() {
    return [...new Set(this.findings.map(({ kind }) => kind))].sort()
  }
}
