// Files to be chosen on a page: a picture, a table, and a program that says that it is a PDF.

/** A picture of one pixel. */
export const PICTURE = {
  name: "screen.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
    "base64",
  ),
};
export const NOTE = { name: "waiting times.csv", mimeType: "text/csv", buffer: Buffer.from("day,minutes\nMonday,40\n") };
export const PROGRAM = { name: "run.exe", mimeType: "application/pdf", buffer: Buffer.from("MZ\u0090\0\u0003\0\0\0", "latin1") };
