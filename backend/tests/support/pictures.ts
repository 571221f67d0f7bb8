import { crc32, deflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(name: string, content: Buffer) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return framed;
}

function header(width: number, height: number) {
  const content = Buffer.alloc(13);
  content.writeUInt32BE(width, 0);
  content.writeUInt32BE(height, 4);
  content.set([8, 2, 0, 0, 0], 8);
  return chunk('IHDR', content);
}

export type Look = {
  width?: number; height?: number; seed?: number;
  /** More chunks before the pixels. */
  more?: Buffer[];
  /** What the header says, where it is not the truth. */
  claims?: [number, number];
};

/** A PNG of soft colours; another seed gives another picture, another size the same one larger or smaller. */
export function png({ width = 320, height = 240, seed = 1, more = [], claims }: Look = {}) {
  const rows = Buffer.alloc(height * (width * 3 + 1));
  const wave = (x: number, y: number, a: number, b: number) => Math.round((Math.sin(x * 6.28 * a * (1 + (seed % 3)) + y * 6.28 * b + seed) + 1) * 110 + 17);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      const [u, v] = [x / width, y / height];
      rows.set([wave(u, v, 1.3, 0.7), wave(u, v, 0.6, 2.1), wave(u, v, 2.2, 0.4)], at);
    }
  }
  const [w, h] = claims ?? [width, height];
  return Buffer.concat([signature, header(w, h), ...more, chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

export const animatedPng = () => png({ width: 32, height: 32, more: [chunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]))] });

/** A few bytes that would unfold into gigabytes. */
export const bomb = () => png({ width: 16, height: 16, claims: [30_000, 30_000] });

/** A text inside, as cameras leave them. */
export const withText = (text: string) => png({ more: [chunk('tEXt', Buffer.from(`Comment\0${text}`, 'latin1'))] });

export function form(image: Buffer | undefined, fields: Record<string, string> = {}, name = 'meal.png', type = 'image/png') {
  const made = new FormData();
  for (const [key, value] of Object.entries(fields)) made.append(key, value);
  if (image) made.append('image', new Blob([new Uint8Array(image)], { type }), name);
  return made;
}
