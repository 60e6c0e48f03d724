// Declined safety items that no written refusal covers: signed, on paper, or refused before a witness (G-REFUSE). The twin
// of open_refusals in webapp/domain/release.py.

/** The texts still open; of a VisitView, or of anything with its visit, declined, documents and refusals. */
export function openRefusals({ visit, declined, documents, refusals }) {
  const unsafe = declined.filter((row) => row.safety);
  const revision = visit.revisions?.refusal_statement ?? 1;
  const ofKind = (row) => row.kind === "refusal_statement";
  const written = documents.some((row) => ofKind(row) && row.revision === revision && !row.void_reason)
    || refusals.some((row) => ofKind(row) && row.revision >= revision && (row.reason === "paper" || row.witness));
  return written ? [] : unsafe.map((row) => row.text);
}
