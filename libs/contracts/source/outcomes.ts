/** The two answers to a command (wire format 2.1). */
import { errorCode, hash, line, list, matching, object, titled } from '../build.ts';
import * as example from './examples.ts';
import { written } from './event.ts';

/** A sentence of the catalogue of refusals: never a value of the command that was refused. */
const sentence = (vi: string, en: string) =>
  line(vi, en, { max: 1000, reason: 'sentence of a catalogue, without a value of the command' });
const commandName = matching('Lệnh', 'Command', {
  pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
  maxLength: 64,
  reason: 'names a command',
});

export const outcomes = [
  written('outcome', 'accepted', {
    vi: 'Lệnh được chấp nhận',
    en: 'Accepted',
    data: object({ events: list('Các sự kiện', 'Events', hash('Sự kiện', 'Event'), { min: 1 }) }),
    example: { events: [example.eventHash] },
  }),
  written('outcome', 'refused', {
    vi: 'Lệnh bị từ chối',
    en: 'Refused',
    data: object({
      code: errorCode('Mã', 'Code'),
      message: titled(
        'Thông báo',
        'Message',
        object({ vi: sentence('Tiếng Việt', 'Vietnamese'), en: sentence('Tiếng Anh', 'English') }, { name: 'Message' }),
      ),
      allowed: list('Lệnh có thể dùng', 'What may be asked instead', commandName),
    }),
    example: {
      code: 'DOSSIER_IN_TRANSIT',
      message: { vi: 'Hồ sơ đang được chuyển.', en: 'The dossier is in transit.' },
      allowed: ['recall'],
    },
  }),
];
