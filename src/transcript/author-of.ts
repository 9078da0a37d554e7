import type {Role} from '../model/conversation.js';
import type {Strings} from '../locales/en.js';

/** Returns the name of who wrote a message. */
export function authorOf(role: Role, strings: Strings): string {
  if (role === 'user') return strings.you;
  return role === 'system' ? strings.system : strings.assistant;
}
