// Words of danger to life: they raise the emergency call at once, without a network and without diacritics.
const WORDS = [
  "chay nha", "dang chay", "boc chay", "hoa hoan", "no binh gas", "no lon", "ro ri gas", "xi gas",
  "ro dien", "dien giat", "dut day dien", "day dien roi", "phong dien",
  "sap nha", "sap cau", "sat lo", "sut lun", "ho sau", "ho tu than", "cay do de",
  "mac ket", "duoi nuoc", "chet duoi", "cuon troi", "ngap toi nguc", "keu cuu", "cuu voi", "cuu nguoi",
  "ngo doc", "bat tinh", "co giat", "tai nan chet", "chay mau nhieu",
  "danh tre em", "bao hanh tre", "xam hai tre", "bat coc", "doa giet", "cam dao", "chem nhau", "tu tu", "nhay cau",
].map((words) => new RegExp(`(^|[^a-z])${words.replace(/ /g, "\\s+")}($|[^a-z])`));

/** Lower case without diacritics, so that what is typed in a hurry still counts. */
export function fold(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/đ/g, "d");
}

export function isDanger(folded) {
  return WORDS.some((word) => word.test(folded));
}
