import { type Type, ValidationPipe, type ValidationError } from '@nestjs/common';
import { DomainError } from '#libs/kernel';
import { shownName } from './shown-names.ts';

/** What the rules of class-validator say, in words that do not change with its version. */
const RULES: Readonly<Record<string, string>> = {
  whitelistValidation: 'is not known here',
  isString: 'must be a string',
  isObject: 'must be an object',
  isInt: 'must be an integer',
  isBoolean: 'must be true or false',
  nestedValidation: 'must be an object',
  isIn: 'is not one of the values allowed',
  isLength: 'is too short or too long',
  matches: 'is not well formed',
  min: 'is too small',
  max: 'is too large',
};

/** Body or query as a class of libs/http-api demands, no member beside; throws `BODY_INVALID` with every fault. */
export const checked = (expectedType: Type<unknown>): ValidationPipe =>
  new ValidationPipe({
    expectedType,
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => invalid(errors),
  });

function invalid(errors: readonly ValidationError[]): DomainError {
  const faults = faultsIn(errors, '');
  const fault = faults.map(({ pointer, message }) => `${pointer} ${message}`).join('; ');
  return new DomainError('BODY_INVALID', 'a field of the request is missing or wrong', { fault, faults });
}

const faultsIn = (
  errors: readonly ValidationError[],
  within: string,
): readonly { readonly pointer: string; readonly message: string }[] =>
  errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const pointer = `${within}/${shownName(property)}`;
    const own = Object.keys(constraints).map((rule) => ({ pointer, message: RULES[rule] ?? rule }));
    return [...own, ...faultsIn(children, pointer)];
  });
