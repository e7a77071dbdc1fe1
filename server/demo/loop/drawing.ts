import type { Random } from '../../../shared/random.ts'

export const MOTIFS = ['car', 'pipe', 'lamp', 'bin', 'ebike', 'boxes', 'manhole', 'gear', 'stall', 'done'] as const
export type Motif = (typeof MOTIFS)[number]

/** px */
export const [WIDTH, HEIGHT] = [800, 600]

/** A picture that nobody takes for a photograph: flat shapes in a drawn frame, without words. No two are alike to the byte. */
export function draw(motif: Motif, random: Random): string {
  const [x, y] = [random.int(-40, 40), random.int(-20, 20)]
  const sky = `hsl(${random.int(190, 220)} 45% ${random.int(84, 92)}%)`
  const ground = `hsl(${random.int(30, 60)} 20% ${random.int(70, 80)}%)`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${sky}"/><rect y="400" width="${WIDTH}" height="200" fill="${ground}"/>`,
    `<g transform="translate(${x} ${y})" stroke="#333" stroke-width="6" stroke-linejoin="round" stroke-linecap="round">${SHAPES[motif]}</g>`,
    `<rect x="10" y="10" width="${WIDTH - 20}" height="${HEIGHT - 20}" fill="none" stroke="#333" stroke-width="8" stroke-dasharray="26 14"/>`,
    '</svg>',
  ].join('')
}

const SHAPES: Record<Motif, string> = {
  car: '<path d="M180 400v-70l70-20 60-70h190l70 80 80 20v60z" fill="#e8e8e8"/><circle cx="290" cy="410" r="45" fill="#555"/><circle cx="540" cy="410" r="45" fill="#555"/><path d="M120 500h560" stroke="#e0a800" stroke-dasharray="40 30"/>',
  pipe: '<path d="M100 220h280v60H100zM460 220h240v60H460z" fill="#9fb4c0"/><path d="M400 250l-30 120M420 260v140M440 250l40 120" stroke="#2b7bd6"/><path d="M260 470q150-60 320 0z" fill="#6fb0f0"/>',
  lamp: '<path d="M390 520V150h120v20" fill="none"/><path d="M480 170h80l20 40H460z" fill="#777"/><path d="M470 240l100 90M570 240l-100 90" stroke="#c33"/>',
  bin: '<path d="M280 260h240l-25 260H305z" fill="#4f8f5b"/><circle cx="340" cy="235" r="45" fill="#ddd"/><circle cx="430" cy="215" r="55" fill="#bbb"/><circle cx="500" cy="245" r="38" fill="#ccc"/><circle cx="220" cy="500" r="45" fill="#bbb"/>',
  ebike:
    '<rect x="480" y="90" width="170" height="150" fill="#cfe2f3"/><path d="M560 240q-40 90-190 190" fill="none" stroke="#c33"/><circle cx="250" cy="460" r="60" fill="none"/><circle cx="470" cy="460" r="60" fill="none"/><path d="M250 460l60-90h110l50 90M310 370l-20-60h-40" fill="none"/>',
  boxes:
    '<path d="M120 520h560M200 520v-60h120v-60h120v-60h120v-60h120" fill="none"/><rect x="210" y="350" width="130" height="110" fill="#c79a63"/><rect x="240" y="250" width="110" height="100" fill="#d9b07c"/><rect x="360" y="300" width="120" height="100" fill="#b98a55"/>',
  manhole:
    '<ellipse cx="400" cy="440" rx="190" ry="80" fill="#666"/><ellipse cx="455" cy="415" rx="150" ry="60" fill="#999"/><path d="M330 440l60-60 40 70 60-40" fill="none" stroke="#c33"/>',
  gear: '<path d="M250 520V220h300v300M250 300h300" fill="none"/><path d="M320 300v120h60M480 300v90l50 60" fill="none"/><path d="M505 420l60 60M565 420l-60 60" stroke="#c33"/>',
  stall:
    '<path d="M180 240h440l40 70H140z" fill="#d66"/><rect x="190" y="380" width="420" height="90" fill="#e8c48a"/><circle cx="280" cy="365" r="28" fill="#e55"/><circle cx="350" cy="362" r="30" fill="#f2a33a"/><circle cx="430" cy="364" r="28" fill="#7a4"/><path d="M200 310v160M600 310v160"/>',
  done: '<circle cx="400" cy="290" r="150" fill="#e3f3e3"/><path d="M320 295l60 65 110-130" fill="none" stroke="#2e8b57" stroke-width="24"/>',
}
