// Reads emoji.json of the emoji-datasource packages and prints one line an image:
// code, column of the sheet, row of the sheet, category, concept; separated by tabs, sorted by concept and code.
//
// A concept is what remains of an emoji without skin tone, gender, direction, and the colour or size of plain shapes. Splits are cut between
// concepts, so that no near-duplicate of a training image is held out.
import { readFileSync } from 'node:fs';

const emoji = JSON.parse(readFileSync(process.argv[2], 'utf8'));

// Pairs and triples that Unicode made apart from each other, by code point.
const TOGETHER = {
  '1F483': 'dancing', '1F57A': 'dancing',
  '1F385': 'claus', '1F936': 'claus', '1F9D1-200D-1F384': 'claus',
  '1F934': 'royalty', '1F478': 'royalty', '1FAC5': 'royalty',
  '1F468': 'adult', '1F469': 'adult', '1F9D1': 'adult',
  '1F466': 'child', '1F467': 'child', '1F9D2': 'child',
  '1F474': 'older adult', '1F475': 'older adult', '1F9D3': 'older adult',
  '1F930': 'pregnant', '1FAC3': 'pregnant', '1FAC4': 'pregnant',
  '1F931': 'feeding baby', '1F9D1-200D-1F37C': 'feeding baby',
  '1F46B': 'holding hands', '1F46C': 'holding hands', '1F46D': 'holding hands', '1F9D1-200D-1F91D-200D-1F9D1': 'holding hands',
  '1F470': 'wedding veil', '1F9D5': 'headscarf',
  '1F45E': 'shoe', '1F460': 'high heel', '1F461': 'sandal',
  '1F6B9': 'restroom', '1F6BA': 'restroom', '1F6BB': 'restroom', '1F6BE': 'water closet',
  '2640': 'gender sign', '2642': 'gender sign', '26A7': 'gender sign',
  '1F44D': 'thumb', '1F44E': 'thumb',
};
const DIRECTION = /\b((left|right|up|down)-(pointing|facing)|left|right|up|down|leftwards|rightwards|upwards|downwards|north|south|east|west|waxing|waning|first|last|clockwise|anticlockwise)\b/g;
const COLOUR = /\b(red|orange|yellow|green|light blue|blue|purple|brown|black|white|pink|grey|large|medium|small)\b/g;
// Same shape in other colours or sizes.
const RECOLOURED = new Set(['heart', 'geometric', 'book-paper', 'skin-tone']);

const names = new Map(emoji.map((e) => [e.unified.replace(/-FE0F/g, ''), e.name.toLowerCase()]));

function conceptOf(base) {
  const code = base.unified
    .replace(/-FE0F/g, '').replace(/-200D-(2640|2642)/g, '').replace(/-200D-27A1/g, '')
    .replace(/\b(1F468|1F469)\b/g, '1F9D1');
  if (base.subcategory === 'skin-tone') return 'skin tone';
  if (/^FAMILY/.test(base.name)) return 'family';
  if (base.subcategory === 'family') {
    if (/^KISS/.test(base.name)) return 'kiss';
    if (/^COUPLE/.test(base.name)) return 'couple with heart';
    return 'holding hands';
  }
  const plain = base.unified.replace(/-FE0F/g, '');
  if (TOGETHER[plain]) return TOGETHER[plain];
  if (TOGETHER[code]) return TOGETHER[code];
  if (base.subcategory === 'time' && /^CLOCK FACE/.test(base.name)) return 'clock face';
  if (base.subcategory === 'sky & weather' && /MOON SYMBOL/.test(base.name)) return 'moon phase';
  if (base.subcategory === 'country-flag' || base.subcategory === 'subdivision-flag') return base.name.toLowerCase();
  // Sequences of a person and a thing, and people with a gender sign, are one concept by their neutral code.
  if (base.category === 'People & Body' && /^person/.test(base.subcategory)) return names.get(code) ?? base.name.toLowerCase();
  let name = base.name.toLowerCase().replace(DIRECTION, ' ');
  if (RECOLOURED.has(base.subcategory)) name = name.replace(COLOUR, ' ');
  name = name.replace(/\s+/g, ' ').trim();
  return name === '' ? base.name.toLowerCase() : name;
}

const rows = [];
for (const base of emoji) {
  const concept = conceptOf(base);
  const category = base.category === 'Component' ? 'People & Body' : base.category;
  for (const image of [base, ...Object.values(base.skin_variations ?? {})]) {
    if (!image.has_img_google || !image.has_img_twitter) continue;
    rows.push([image.unified, image.sheet_x, image.sheet_y, category, concept]);
  }
}
const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
rows.sort((a, b) => order(a[4], b[4]) || order(a[0], b[0]));
for (const row of rows) console.log(row.join('\t'));
