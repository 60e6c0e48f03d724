// When the phone is put away while somebody types, what stands in the field is kept as if they had left it.

document.addEventListener("visibilitychange", () => {
  const field = document.activeElement;
  if (document.visibilityState !== "hidden" || !field?.matches?.("input, textarea")) return;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
