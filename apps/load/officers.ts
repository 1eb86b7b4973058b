/** The officers of an agency: invented, and the same ones all day and in every run of the same seed. */
import type { Actor } from '#libs/dossier';
import type { AgencyCode } from '#libs/kernel';
import type { Chance } from './chance.ts';
import { nameOf } from './persons.ts';

const DESKS = 3;

export class Officers {
  private readonly chance: Chance;

  constructor(chance: Chance) {
    this.chance = chance;
  }

  /** At one of the desks of the one-stop unit. */
  clerk(agency: AgencyCode, desk: number): Actor {
    return this.officer({ agency, unit: 'one-stop', position: 'reception-officer', number: desk % DESKS });
  }

  /** Appraises; `role` as routes name it (`districtSocialOffice`). */
  appraiser(agency: AgencyCode, role: string): Actor {
    return this.officer({ agency, unit: kebab(role), position: 'appraiser', number: 0 });
  }

  /** Decides and signs. */
  head(agency: AgencyCode): Actor {
    return this.officer({ agency, unit: 'leadership', position: 'chair', number: 0 });
  }

  private officer(post: { agency: AgencyCode; unit: string; position: string; number: number }): Actor {
    const chance = this.chance.of(post.agency).of(post.unit).of(post.number);
    const { unit, position } = post;
    const name = nameOf(chance, chance.pick(['male', 'female']));
    return { unit, position, name, officerCode: `CB-${chance.digits(4)}` };
  }
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
