import ts from 'typescript';

/**
 * Plants every fault of a source file into one module: `__m(id) ? faulty : original`. So a page selects the fault by its
 * number, and nothing has to be compiled again.
 *
 * A fault is `{id, line, kind, before, after}`: the lines that it changes, before and after.
 */
export function plant(text, file, firstId = 0) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const faults = [];
  /** `[position, text, depth, isSuffix]` */
  const insertions = [];
  const shared = constantsOf(source);

  const raw = (node) => text.slice(node.getStart(source), node.end);
  const add = (kind, from, to, changed) => {
    const id = firstId + faults.length;
    const lineStart = text.lastIndexOf('\n', from) + 1;
    const lineEnd = text.indexOf('\n', to) === -1 ? text.length : text.indexOf('\n', to);
    faults.push({
      id,
      file,
      kind,
      line: source.getLineAndCharacterOfPosition(from).line + 1,
      before: text.slice(lineStart, lineEnd),
      after: text.slice(lineStart, from) + changed + text.slice(to, lineEnd),
    });
    return id;
  };
  const wrap = (from, to, depth, prefix, suffix) => {
    insertions.push([from, prefix, depth, false], [to, suffix, depth, true]);
  };
  /** Plants a fault in an expression. */
  const replace = (kind, node, changed, depth) => {
    const from = node.getStart(source);
    const id = add(kind, from, node.end, changed);
    wrap(from, node.end, depth, `(__m(${id}) ? (${changed}) : (`, '))');
  };
  /** Plants a fault that leaves out a statement that jumps. */
  const leaveOut = (kind, node, depth) => {
    const from = node.getStart(source);
    const id = add(kind, from, node.end, ';');
    wrap(from, node.end, depth, `{if (!__m(${id})) `, '}');
  };

  const visit = (node, depth) => {
    if (isUntouched(node)) return;
    if (shared.has(node)) return;
    const {parent} = node;

    if (isCondition(node)) replace('negate', node, `!(${raw(node)})`, depth);

    if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.kind;
      const swapped = operators.get(operator);
      const isEquality = equalities.has(operator);
      // `a === b` as a condition is negated already.
      if (swapped && !(isEquality && isCondition(node)) && !isText(node)) {
        const at = node.operatorToken.getStart(source);
        const changed = text.slice(node.getStart(source), at) + swapped + text.slice(node.operatorToken.end, node.end);
        replace('operator', node, changed, depth + 0.1);
      }
      if (operator === ts.SyntaxKind.QuestionQuestionToken) replace('no default', node, raw(node.left), depth + 0.1);
    } else if (
      ts.isPrefixUnaryExpression(node) &&
      node.operator === ts.SyntaxKind.ExclamationToken &&
      !isCondition(node)
    ) {
      replace('negate', node, raw(node.operand), depth + 0.1);
    } else if (ts.isAwaitExpression(node)) {
      replace('no await', node, raw(node.expression), depth + 0.1);
    } else if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) {
      replace('boolean', node, raw(node) === 'true' ? 'false' : 'true', depth + 0.1);
    } else if (ts.isNumericLiteral(node)) {
      if (!isPropertyName(node)) for (const value of shifted(node)) replace('limit', node, value, (depth += 0.01));
    } else if (isString(node) && stringMatters(node)) {
      replace('string', node, raw(node).length > 2 ? "''" : "'☃'", depth + 0.1);
    } else if (ts.isIdentifier(node) && isReference(node) && shared.names.has(node.text)) {
      for (const {id, value} of shared.names.get(node.text).faults(add, source)) {
        wrap(node.getStart(source), node.end, (depth += 0.01), `(__m(${id}) ? (${value}) : `, ')');
      }
    } else if (ts.isPropertyAccessExpression(node) && /^Math\.(min|max)$/.test(raw(node))) {
      replace('limit', node, raw(node) === 'Math.min' ? 'Math.max' : 'Math.min', depth + 0.1);
    } else if (ts.isExpressionStatement(node)) {
      const {expression} = node;
      const call = ts.isAwaitExpression(expression) ? expression.expression : expression;
      const inner = ts.isVoidExpression(call) ? call.expression : call;
      if (ts.isCallExpression(inner) && inner.expression.kind !== ts.SyntaxKind.SuperKeyword) {
        replace('no call', expression, 'void 0', depth + 0.1);
      } else if (isChange(expression)) replace('no change', expression, 'void 0', depth + 0.1);
    } else if (
      isJump(node) &&
      !(ts.isReturnStatement(node) && isLastOfFunction(node)) &&
      !ts.isCaseOrDefaultClause(parent)
    ) {
      leaveOut('no early exit', node, depth + 0.1);
    }

    const children = node.statements;
    if (children) {
      for (let i = 0; i + 1 < children.length; i++) {
        const [first, second] = [children[i], children[i + 1]];
        if (
          ![first, second].every((one) => ts.isExpressionStatement(one) && hasCall(one) && !isUntouched(one.expression))
        )
          continue;
        const id = add('swap', first.getStart(source), second.end, `${raw(second)} ${raw(first)}`);
        wrap(
          first.getStart(source),
          second.end,
          depth + 0.2,
          `if (__m(${id})) {${raw(second)} ${raw(first)}} else {`,
          '}',
        );
        // Pairs that overlap could not be planted.
        i++;
      }
    }
    ts.forEachChild(node, (child) => visit(child, depth + 1));
  };
  ts.forEachChild(source, (node) => visit(node, 0));

  insertions.sort((a, b) => a[0] - b[0] || Number(b[3]) - Number(a[3]) || (a[3] ? b[2] - a[2] : a[2] - b[2]));
  let code = '';
  let at = 0;
  for (const [position, inserted] of insertions) {
    code += text.slice(at, position) + inserted;
    at = position;
  }
  code += `${text.slice(at)}\nimport {isPlanted as __m} from '/__mutate/page.js';\n`;
  return {faults, code};
}

const {SyntaxKind} = ts;
const operators = new Map([
  [SyntaxKind.LessThanToken, '<='],
  [SyntaxKind.LessThanEqualsToken, '<'],
  [SyntaxKind.GreaterThanToken, '>='],
  [SyntaxKind.GreaterThanEqualsToken, '>'],
  [SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [SyntaxKind.EqualsEqualsToken, '!='],
  [SyntaxKind.ExclamationEqualsToken, '=='],
  [SyntaxKind.AmpersandAmpersandToken, '||'],
  [SyntaxKind.BarBarToken, '&&'],
  [SyntaxKind.MinusToken, '+'],
  [SyntaxKind.PlusToken, '-'],
  [SyntaxKind.AsteriskToken, '/'],
  [SyntaxKind.SlashToken, '*'],
]);
const equalities = new Set([
  SyntaxKind.EqualsEqualsEqualsToken,
  SyntaxKind.ExclamationEqualsEqualsToken,
  SyntaxKind.EqualsEqualsToken,
  SyntaxKind.ExclamationEqualsToken,
]);

/** Types, imports, logging, decorators, templates' styles: no test should notice these. */
function isUntouched(node) {
  if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isDecorator(node) || ts.isModuleDeclaration(node))
    return true;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isExportDeclaration(node)) return true;
  if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'css') return true;
  const call = ts.isExpressionStatement(node) ? node.expression : node;
  return (
    ts.isCallExpression(call) &&
    (/^console\./.test(call.expression.getText()) || call.expression.kind === SyntaxKind.ImportKeyword)
  );
}

/** Whether a node is a whole condition. Those of loops are not negated: most would never end. */
function isCondition(node) {
  const {parent} = node;
  return (
    (ts.isIfStatement(parent) && parent.expression === node) ||
    (ts.isConditionalExpression(parent) && parent.condition === node)
  );
}

/** Whether `+` joins text. */
function isText(node) {
  if (node.operatorToken.kind !== SyntaxKind.PlusToken) return false;
  const sides = [node.left, node.right];
  return (
    !sides.some((side) => ts.isNumericLiteral(side)) &&
    !sides.every((side) => /length|[Aa]t$|[Ii]ndex|now\(\)|[Cc]ount|time/.test(side.getText()))
  );
}

/** A number one lower and one higher; a large one is halved and doubled, because ±1 of it makes no difference to anyone. */
function shifted(node) {
  const value = Number(node.text);
  if (value === 0) return ['1'];
  if (value < 1) return [String(value * 2)];
  return value <= 64 ? [String(value - 1), String(value + 1)] : [String(Math.floor(value / 2)), String(value * 2)];
}

function isString(node) {
  return (
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    (ts.isTemplateExpression(node) && !ts.isTaggedTemplateExpression(node.parent))
  );
}

/** Whether an empty string in place of this one is a fault: not in names, nor in sentences of errors. */
function stringMatters(node) {
  const {parent} = node;
  if (isPropertyName(node) || ts.isTaggedTemplateExpression(parent) || ts.isExpressionStatement(parent)) return false;
  for (let at = node; at.parent; at = at.parent) {
    const call = at.parent;
    if ((ts.isNewExpression(call) || ts.isCallExpression(call)) && /Error$/.test(call.expression.getText())) {
      return call.arguments[0] === at && call.arguments.length > 1;
    }
    if (ts.isStatement(at)) break;
  }
  return true;
}

function isPropertyName(node) {
  const {parent} = node;
  return (
    (parent.name === node && !ts.isBindingElement(parent)) ||
    ts.isComputedPropertyName(parent) ||
    parent.propertyName === node
  );
}

function isReference(node) {
  const {parent} = node;
  if (ts.isShorthandPropertyAssignment(parent) || ts.isExportSpecifier(parent)) return false;
  return parent.name !== node && parent.propertyName !== node && parent.label !== node;
}

function isChange(node) {
  if (ts.isPostfixUnaryExpression(node)) return true;
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind >= SyntaxKind.FirstAssignment &&
    node.operatorToken.kind <= SyntaxKind.LastAssignment
  );
}

function isJump(node) {
  return ts.isReturnStatement(node) || ts.isThrowStatement(node) || ts.isContinueStatement(node);
}

/** A `return` at the end of a function is no early exit. */
function isLastOfFunction(node) {
  const block = node.parent;
  return ts.isBlock(block) && ts.isFunctionLike(block.parent) && block.statements.at(-1) === node;
}

function hasCall(node) {
  return ts.isCallExpression(node) || ts.isAwaitExpression(node) || Boolean(ts.forEachChild(node, hasCall));
}

/**
 * Numeric constants of the module. Their faults are planted where they are used: the value itself is read before any test
 * begins. Holds the initialisers, and under `names` the faults by name.
 */
function constantsOf(source) {
  const found = new Set();
  found.names = new Map();
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Const)) continue;
    if (statement.modifiers?.some(({kind}) => kind === SyntaxKind.ExportKeyword)) continue;
    for (const {name, initializer} of statement.declarationList.declarations) {
      if (!initializer || !ts.isNumericLiteral(initializer)) continue;
      found.add(initializer);
      let planted;
      found.names.set(name.getText(), {
        faults: (add) =>
          (planted ??= shifted(initializer).map((value) => ({
            id: add('limit', initializer.getStart(source), initializer.end, value),
            value,
          }))),
      });
    }
  }
  return found;
}
