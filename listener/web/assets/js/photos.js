// Photos are drawn again on the phone: at most 1600 px, JPEG, and whatever the camera wrote beside the picture is gone.
const LONGEST = 1600;
const QUALITY = 0.82;

function load(file) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    const url = URL.createObjectURL(file);
    image.onload = () => { URL.revokeObjectURL(url); resolve(image); };
    image.onerror = () => { URL.revokeObjectURL(url); reject(new Error("not a picture")); };
    image.src = url;
  });
}

/** The picture made small as {blob, name}, or null where the phone cannot open it. */
export async function shrink(file) {
  try {
    const image = await load(file);
    const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return blob && { blob, name: `${file.name.replace(/\.\w+$/, "") || "anh"}.jpg` };
  } catch {
    return null;
  }
}
