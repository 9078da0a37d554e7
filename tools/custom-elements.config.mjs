// `cem analyze --config tools/custom-elements.config.mjs` → dist/custom-elements.json
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

import typescript from 'typescript';

import {defaults} from './describe/sources.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const tag = 'stream-chat';
/** The class that declares the attributes and properties. It is not published by itself. */
const baseName = 'ChatProperties';

export default {
  globs: ['src/properties.ts', 'src/stream-chat.ts', 'src/chat/events.ts'],
  outdir: 'dist',
  litelement: true,
  packagejson: false,
  plugins: [inherited(), attributes(), types(), properties(), published()],
};

const dashed = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const isElement = (declaration) => declaration.tagName === tag;

/** Makes the members of the base class members of the element: statics first, then what is inherited, then the rest. */
function inherited() {
  return {
    name: 'inherited',
    packageLinkPhase({customElementsManifest}) {
      const element = findElement(customElementsManifest);
      const base = findClass(customElementsManifest, baseName);
      const own = element.members.filter(({inheritedFrom}) => inheritedFrom?.name !== baseName);
      element.members = [
        ...own.filter((member) => member.static),
        ...base.members.filter((member) => !member.static),
        ...own.filter((member) => !member.static),
      ];
      element.superclass = base.superclass;
    },
  };
}

/** Reads the properties from `static properties = withAttributeNames({…})`, which the analyzer cannot evaluate. */
function attributes() {
  const options = new Map();
  return {
    name: 'attributes',
    analyzePhase({ts, node}) {
      const isOurs = ts.isPropertyDeclaration(node) && node.name.getText() === 'properties';
      const call = isOurs ? node.initializer : undefined;
      if (!call || !ts.isCallExpression(call) || call.expression.getText() !== 'withAttributeNames') return;
      for (const property of call.arguments[0].properties) {
        const values = property.initializer.properties.map((option) => [
          option.name.getText(),
          option.initializer.getText(),
        ]);
        options.set(property.name.getText(), Object.fromEntries(values));
      }
    },
    packageLinkPhase({customElementsManifest}) {
      const element = findElement(customElementsManifest);
      if (options.size === 0) throw new Error('`static properties = withAttributeNames({…})` was not found in src/properties.ts');
      element.attributes = [];
      for (const [name, {attribute, state, reflect}] of options) {
        const member = element.members.find((member) => member.name === name);
        if (!member) throw new Error(`withAttributeNames() has "${name}", and the class has no such property`);
        if (attribute === 'false' || state === 'true') continue;
        member.attribute = attribute?.slice(1, -1) ?? dashed(name);
        if (reflect === 'true') member.reflects = true;
        element.attributes.push({name: member.attribute, fieldName: name, description: member.description});
      }
    },
  };
}

/** Writes types as what they are, in place of the names that only the sources know. */
function types() {
  return {
    name: 'types',
    packageLinkPhase({customElementsManifest}) {
      const describe = createTypes();
      const element = findElement(customElementsManifest);
      for (const member of element.members) {
        if (member.kind !== 'field' || isHidden(member)) continue;
        if (member.static) {
          member.type = {text: describe.static(member.name)};
          delete member.default;
          continue;
        }
        const {text, values, isReadonly, accepts} = describe.property(member.name);
        member.type = {text};
        if (accepts) member.accepts = accepts;
        if (values) member.values = values;
        if (isReadonly) member.readonly = true;
        if (member.default === "''" || member.default === 'undefined') delete member.default;
      }
      for (const attribute of element.attributes) {
        const member = element.members.find(({name}) => name === attribute.fieldName);
        attribute.type = {text: member.type.text.replace(/ \| undefined$/, '')};
        if (member.values) attribute.values = member.values;
        if (member.default && member.default !== 'false') attribute.default = member.default.replace(/^'(.*)'$/, '$1');
      }
      element.events = element.events
        // The analyzer adds what it guesses from `dispatchEvent`.
        .filter(({description}) => description)
        .map((event) => ({...event, ...describe.event(event.name)}));
    },
  };
}

/** Takes the defaults of custom properties from where they are used. */
function properties() {
  return {
    name: 'properties',
    packageLinkPhase({customElementsManifest}) {
      const known = defaults(root);
      for (const property of findElement(customElementsManifest).cssProperties) {
        property.default = known.get(property.name) ?? property.default;
      }
    },
  };
}

/** Leaves what is public, under the paths that it is published at. */
function published() {
  return {
    name: 'published',
    packageLinkPhase({customElementsManifest: manifest}) {
      const element = findElement(manifest);
      element.members = element.members.filter((member) => !isHidden(member));
      for (const member of element.members) delete member.privacy;
      const declarations = manifest.modules
        .flatMap((module) => module.declarations)
        .filter(({kind, name}) => kind === 'class' && name !== baseName);
      const path = 'dist/element.js';
      const names = declarations.map(({name}) => name);
      manifest.modules = [
        {
          kind: 'javascript-module',
          path,
          declarations: declarations.map((declaration) =>
            isElement(declaration) ? element : describeEvent(declaration),
          ),
          exports: names.map((name) => ({kind: 'js', name, declaration: {name, module: path}})),
        },
        ...['dist/define.js', 'dist/index.js'].map((path) => ({
          kind: 'javascript-module',
          path,
          declarations: [],
          exports: [
            {
              kind: 'custom-element-definition',
              name: tag,
              declaration: {name: element.name, module: 'dist/element.js'},
            },
          ],
        })),
      ];
    },
  };
}

function describeEvent({kind, name, description, superclass}) {
  return {kind, name, description, superclass};
}

function findClass(manifest, name) {
  return manifest.modules.flatMap((module) => module.declarations ?? []).find((found) => found.name === name);
}

function findElement(manifest) {
  return manifest.modules.flatMap((module) => module.declarations ?? []).find(isElement);
}

const lifecycle =
  /^(?:(?:connected|disconnected|adopted|attributeChanged)(?:Move)?Callback|properties|styles|formAssociated|shadowRootOptions)$/;

function isHidden({name, privacy, description = ''}) {
  return privacy !== undefined && privacy !== 'public'
    ? true
    : /^[#_]/.test(name) || lifecycle.test(name) || description.includes('@internal');
}

/** Answers what TypeScript knows of the element's types. */
function createTypes() {
  const {options} = typescript.parseJsonConfigFileContent(
    typescript.readConfigFile(join(root, 'tsconfig.json'), typescript.sys.readFile).config,
    typescript.sys,
    root,
  );
  const program = typescript.createProgram([join(root, 'src/stream-chat.ts')], {...options, types: []});
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(join(root, 'src/stream-chat.ts'));
  const events = program.getSourceFile(join(root, 'src/chat/events.ts'));
  const symbolIn = (file, name) =>
    checker.getExportsOfModule(checker.getSymbolAtLocation(file)).find((symbol) => symbol.name === name);
  const element = checker.getDeclaredTypeOfSymbol(symbolIn(source, 'StreamChat'));
  const map = checker.getDeclaredTypeOfSymbol(symbolIn(events, 'StreamChatEventMap'));
  const flags =
    typescript.TypeFormatFlags.NoTruncation | typescript.TypeFormatFlags.UseSingleQuotesForStringLiteralType;
  const write = (type) => checker.typeToString(type, source, flags).replace(/import\("[^"]+"\)\./g, '');
  const literals = (type) =>
    (type.isUnion() ? type.types : [type]).filter((part) => !(part.flags & typescript.TypeFlags.Undefined));

  return {
    static: (name) =>
      write(
        checker.getTypeOfSymbolAtLocation(
          checker.getPropertyOfType(checker.getTypeOfSymbol(symbolIn(source, 'StreamChat')), name),
          source,
        ),
      ),
    property(name) {
      const symbol = element.getProperty(name);
      const type = checker.getTypeOfSymbol(symbol);
      const parts = literals(type);
      const values = parts.every((part) => part.isStringLiteral()) ? parts.map(({value}) => value) : undefined;
      const written = symbol.declarations[0].type?.getText();
      const accessors = symbol.declarations.filter((declaration) => typescript.isAccessor(declaration));
      const setter = accessors.find((accessor) => typescript.isSetAccessor(accessor));
      return {
        // A name for a set of words says less than the words; any other name says more than what it stands for.
        text: values ? values.map((value) => `'${value}'`).join(' | ') : (written ?? write(type)),
        values,
        isReadonly: accessors.length > 0 && !setter,
        // More than what the getter gives.
        accepts: setter?.parameters[0].type?.getText(),
      };
    },
    event(name) {
      const type = map.getProperty(name) && checker.getTypeOfSymbol(map.getProperty(name));
      const detail = type?.getProperty('detail') && checker.getTypeOfSymbol(type.getProperty('detail'));
      const fields = detail?.getProperties().map((field) => ({
        name: field.name,
        type: {text: write(checker.getTypeOfSymbol(field))},
        description: typescript.displayPartsToString(field.getDocumentationComment(checker)),
      }));
      return type ? {type: {text: write(type)}, detail: detail.flags & typescript.TypeFlags.Null ? [] : fields} : {};
    },
  };
}
