// Collects everything that the page must not do.
window.violations = [];
addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
addEventListener('error', (event) => window.violations.push(`error ${event.message}`));
addEventListener('unhandledrejection', (event) => window.violations.push(`rejection ${event.reason}`));
window.alert = () => window.violations.push('alert');
