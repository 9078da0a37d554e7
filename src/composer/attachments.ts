import type {ComposerHost, ComposerPart} from './composer-host.js';
import {accepts, patternsOf, readUrl, typeOf, type FilePart} from './file-reading.js';
import {createIcon} from '../lib/icon.js';
import type {Strings} from '../locales/en.js';
import {plainName} from '../lib/strip-invisible.js';
import {isTextual} from '../lib/text-file.js';
import {drawPicture} from '../lib/thumbnail.js';

interface Attachment {
  readonly part: FilePart;
  readonly element: HTMLLIElement;
}

/** Maximum width and height of a preview, in CSS pixels. */
const previewSize = 40;
const megabyte = 1e6;

const css = `
  .composer { position: relative; }
  [part='attachments'] {
    display: flex; flex: 1 0 100%; flex-wrap: wrap; gap: 0.4em; max-block-size: 9em; margin: 0; overflow: hidden auto;
    padding: 0.2em; list-style: none;
  }
  [part='attachment'] {
    display: flex; align-items: center; gap: 0.4em; max-inline-size: 100%; border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) * 0.7); padding: 0.2em 0.2em 0.2em 0.4em; font-size: 0.88em;
  }
  [part='attachment'] canvas { flex: none; max-inline-size: 2.5em; max-block-size: 2.5em; border-radius: 0.3em; }
  [part='attachment'] bdi { overflow: hidden; max-inline-size: 16em; text-overflow: ellipsis; white-space: nowrap; }
  [part='attachment-note'] { flex: 1 0 100%; padding: 0.1em 0.8em; color: var(--_error); font-size: 0.88em; }
  [part='attach'], [part='remove-file'] {
    display: grid; flex: none; place-items: center; inline-size: 2em; block-size: 2em; border: 0;
    border-radius: calc(var(--_radius) * 0.8); background: none; padding: 0; color: var(--_muted); font: inherit;
    cursor: pointer;
  }
  [part='attach'] { inline-size: 2.4em; block-size: 2.4em; }
  [part='attach']:disabled { opacity: 0.5; cursor: default; }
  @media (hover: hover) {
    :is([part='attach'], [part='remove-file']):hover { background: var(--_user); color: inherit; }
  }
  :is([part='attach'], [part='remove-file']) svg {
    inline-size: 1.3em; block-size: 1.3em; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round;
    stroke-linejoin: round;
  }
  [part='drop'] {
    position: absolute; inset: 0; display: grid; place-items: center; border: 2px dashed var(--_link);
    border-radius: inherit; background: var(--_background); pointer-events: none;
  }
  @media (pointer: coarse) {
    :is([part='attach'], [part='remove-file']) { inline-size: 44px; block-size: 44px; }
  }
`;

/** Files attached to a message: chosen with a button, pasted or dropped; previewed, removed, and sent with it. */
export class Attachments implements ComposerPart {
  #host: ComposerHost;
  #strings!: Strings;
  #form: HTMLFormElement | undefined;
  #items: readonly Attachment[] = [];
  #extracted: readonly Attachment[] = [];
  /** Resolves when the files chosen last are read. */
  #adding: Promise<void> | undefined;
  #isExtracting = false;
  #list = create('ul', 'attachments');
  #note = create('div', 'attachment-note');
  #button = createButton('attach', 'M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 5 5l-8.5 8.5a1.7 1.7 0 0 1-2.5-2.5L15 7');
  #picker = document.createElement('input');
  #drop = create('div', 'drop');

  constructor(host: ComposerHost) {
    this.#host = host;
    const root = host.shadowRoot!;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets.push(sheet);
    // Safari removes the list role from lists without bullets.
    this.#list.setAttribute('role', 'list');
    this.#list.hidden = this.#note.hidden = this.#drop.hidden = true;
    this.#picker.type = 'file';
    this.#picker.hidden = true;
    this.#picker.addEventListener('change', () => {
      this.#add([...(this.#picker.files ?? [])]);
      // Otherwise choosing the same file again would fire no event.
      this.#picker.value = '';
    });
    this.#button.addEventListener('click', () => this.#picker.click());
    root.addEventListener('dragover', (event) => this.#handleDragOver(event as DragEvent));
    root.addEventListener('dragleave', (event) => this.#handleDragLeave(event as DragEvent));
    root.addEventListener('drop', (event) => this.#handleDrop(event as DragEvent));
  }

  /** Whether files are attached, or being read. */
  get hasFiles(): boolean {
    return this.#items.length > 0 || this.#adding !== undefined;
  }

  update(form: HTMLFormElement, strings: Strings): void {
    const {attach, maxFiles, disabled} = this.#host;
    if (form !== this.#form) {
      this.#form = form;
      form.prepend(this.#list, this.#note);
      form.querySelector('.input')!.before(this.#button, this.#picker);
      form.append(this.#drop);
      form.addEventListener('paste', (event) => this.#handlePaste(event));
    }
    this.#picker.accept = patternsOf(attach).join();
    this.#picker.multiple = maxFiles > 1;
    this.#button.hidden = attach == null;
    this.#button.disabled = disabled;
    if (strings === this.#strings) return;
    this.#strings = strings;
    label(this.#button, strings.attach);
    this.#list.ariaLabel = strings.attachments;
    this.#drop.textContent = strings.dropFiles;
    for (const {part, element} of this.#items) label(element.querySelector('button')!, strings.removeFile(plainName(part.name)));
  }

  /** Returns the files and clears the list; `undefined` if the wire format does not support one of them, which is reported. */
  async extractFiles(): Promise<readonly FilePart[] | undefined> {
    if (this.#isExtracting) return undefined;
    this.#isExtracting = true;
    try {
      await this.#adding;
      const refused: string[] = [];
      for (const {part} of this.#items) if (!(await this.#isSupported(part))) refused.push(this.#strings.fileType(plainName(part.name)));
      this.#report(refused);
      if (refused.length > 0) return undefined;
      this.#extracted = this.#items;
      this.#show([]);
      return this.#extracted.map(({part}) => part);
    } finally {
      this.#isExtracting = false;
    }
  }

  /** Restores the extracted files after the message was not sent. */
  restore(): void {
    this.#show([...this.#extracted, ...this.#items]);
  }

  /** Adds files in order, and reports why a file was rejected. */
  #add(files: readonly File[]) {
    const {disabled, attach} = this.#host;
    if (files.length === 0 || disabled || attach == null) return;
    const adding = (this.#adding ?? Promise.resolve())
      .then(async () => {
        const problems = new Set<string>();
        const added: string[] = [];
        for (const file of files) {
          const problem = await this.#addOne(file);
          if (problem) problems.add(problem);
          else added.push(this.#strings.fileAdded(plainName(file.name)));
        }
        this.#report([...problems], added);
      })
      .finally(() => {
        if (this.#adding === adding) this.#adding = undefined;
      });
    this.#adding = adding;
  }

  /** Resolves to why the file was rejected; `undefined` if it was added. */
  async #addOne(file: File): Promise<string | undefined> {
    const {attach, maxFiles, maxFileSize} = this.#host;
    const strings = this.#strings;
    const {name, size} = file;
    const shown = plainName(name);
    if (this.#items.length >= maxFiles) return strings.fileCount(maxFiles);
    if (size > maxFileSize * megabyte) {
      const limit = new Intl.NumberFormat(strings.language, {style: 'unit', unit: 'megabyte'}).format(maxFileSize);
      return strings.fileSize(shown, limit);
    }
    try {
      const mediaType = await typeOf(file);
      const url = await readUrl(file, mediaType);
      const part: FilePart = {type: 'file', name, mediaType, url};
      if (!accepts(patternsOf(attach), part) || !(await this.#isSupported(part))) return strings.fileType(shown);
      const picture = mediaType.startsWith('image/') ? await drawPicture(file, previewSize) : undefined;
      this.#show([...this.#items, this.#create(part, picture)]);
      return undefined;
    } catch (error) {
      console.error(`<stream-chat> could not read the file "${name}".`, error);
      return strings.fileUnread(shown);
    }
  }

  async #isSupported({mediaType, url}: FilePart): Promise<boolean> {
    return isTextual(mediaType) || this.#host.supportsFile({mediaType, url});
  }

  #create(part: FilePart, picture: HTMLCanvasElement | undefined): Attachment {
    const element = create('li', 'attachment');
    const name = document.createElement('bdi');
    name.textContent = name.title = plainName(part.name);
    const remove = createButton('remove-file', 'M7 7l10 10M17 7L7 17');
    label(remove, this.#strings.removeFile(plainName(part.name)));
    const attachment = {part, element};
    remove.addEventListener('click', () => this.#remove(attachment));
    if (picture) {
      picture.ariaHidden = 'true';
      element.append(picture);
    }
    element.append(name, remove);
    return attachment;
  }

  /** Removes a file. Focus moves to the next file, else to the previous one, else to the attach button. */
  #remove(attachment: Attachment) {
    const at = this.#items.indexOf(attachment);
    const left = this.#items.toSpliced(at, 1);
    const next = left[Math.min(at, left.length - 1)]?.element.querySelector('button') ?? this.#button;
    this.#show(left);
    this.#report([]);
    next.focus();
  }

  #show(items: readonly Attachment[]) {
    this.#items = items;
    // Elements that stay are not removed, so that they keep the focus.
    for (const element of [...this.#list.children]) if (!items.some((item) => item.element === element)) element.remove();
    for (const [index, {element}] of items.entries()) {
      if (this.#list.children[index] !== element) this.#list.insertBefore(element, this.#list.children[index] ?? null);
    }
    this.#list.hidden = items.length === 0;
  }

  /** Shows the problems, and announces them together with the files that were added. */
  #report(problems: readonly string[], done: readonly string[] = []) {
    this.#note.textContent = problems.join(' ');
    this.#note.hidden = problems.length === 0;
    const announced = [...problems, ...done].join(' ');
    if (announced) this.#host.announceText(announced);
  }

  #handlePaste(event: ClipboardEvent) {
    const {clipboardData} = event;
    if (!clipboardData || this.#host.attach == null) return;
    const {files, types} = clipboardData;
    // Office programs copy text together with a picture of it.
    const isText = types.includes('text/plain') && types.includes('text/html');
    if (files.length === 0 || isText) return;
    event.preventDefault();
    this.#add([...files]);
  }

  #handleDragOver(event: DragEvent) {
    const {attach, disabled} = this.#host;
    if (!event.dataTransfer?.types.includes('Files') || attach == null) return;
    // Otherwise a file dropped next to the chat would replace the page.
    event.preventDefault();
    event.dataTransfer.dropEffect = disabled ? 'none' : 'copy';
    this.#drop.hidden = disabled;
  }

  #handleDragLeave(event: DragEvent) {
    const {relatedTarget} = event;
    const isInside = relatedTarget instanceof Node && (this.#host.shadowRoot!.contains(relatedTarget) || this.#host.contains(relatedTarget));
    if (!isInside) this.#drop.hidden = true;
  }

  #handleDrop(event: DragEvent) {
    this.#drop.hidden = true;
    const {files} = event.dataTransfer ?? {files: []};
    if (files.length === 0 || this.#host.attach == null) return;
    event.preventDefault();
    this.#add([...files]);
  }
}

function create<K extends keyof HTMLElementTagNameMap>(name: K, part: string): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  element.part.add(part);
  return element;
}

function label(button: HTMLElement, text: string) {
  button.ariaLabel = button.title = text;
}

function createButton(part: string, path: string): HTMLButtonElement {
  const button = create('button', part);
  button.type = 'button';
  button.append(createIcon(path));
  return button;
}
