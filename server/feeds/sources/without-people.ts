/** Fields of vendors' JSON that hold a person's name, number or picture. */
const PERSONAL =
  /("(?:\w*(?:User|Person|Card|Citizen|Certificate|Candidate|Owner|Customer|Visitor)\w*|\w*(?:Phone|Mobile|Tel)\w*|Password|IDNumber|IDNo|Sex|Birthday|PlateNumber|QRCode\w*|\w*(?:Pic|Image|Photo|Snap)\w*)"\s*:\s*)("(?:[^"\\]|\\.)*("|$)|[-\d.]+)/gi

/** A broken text as it may be kept: what it says of people is left out. `names`: a bare Name may be somebody's too. */
export function withoutPeople(text: string, names: boolean): string {
  const plain = text.replace(PERSONAL, '$1"-"')
  return names ? plain.replace(/("Name"\s*:\s*)"(?:[^"\\]|\\.)*("|$)/gi, '$1"-"') : plain
}
