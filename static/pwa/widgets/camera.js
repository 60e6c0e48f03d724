// The phone's own camera, and its album, through a file field. One picture at a time: WeChat's page knows no more.

/**
 * Opens the camera (or the album) and resolves with the File, or undefined when nobody took one. before(): what must be kept
 * before the camera opens, for the system may close the page under it; it is awaited strictly.
 */
export async function askForPicture({ album = false, before } = {}) {
  await before?.();
  return new Promise((done) => {
    const field = Object.assign(document.createElement("input"), { type: "file", accept: "image/*", hidden: true });
    if (!album) field.setAttribute("capture", "environment");
    const finish = (file) => { field.remove(); done(file); };
    field.addEventListener("change", () => finish(field.files[0]));
    field.addEventListener("cancel", () => finish(undefined));
    document.body.append(field); // some phones forget a field that stands nowhere
    field.click();
  });
}

/** Can this page look through the camera itself? Not in every WeChat, and only over https. */
export function canLookThrough() {
  return Boolean(navigator.mediaDevices?.getUserMedia);
}
