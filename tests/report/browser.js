// Opens a page in headless Chromium, narrow and wide, light and dark: no error, no request, no finding of axe-core, nothing
// wider than the page. Usage: node browser.js MODULES PAGE [SCREENSHOTS]
const path = require("path");
const [modules, page_file, screenshots] = process.argv.slice(2);
const puppeteer = require(path.join(modules, "puppeteer-core"));
const axe = require("fs").readFileSync(path.join(modules, "axe-core", "axe.min.js"), "utf8");

async function faults_of(browser, width, scheme) {
  const faults = [];
  const page = await browser.newPage();
  const address = "file://" + path.resolve(page_file);
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== address && !request.url().startsWith("data:")) faults.push("request: " + request.url());
  });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setViewport({ width, height: 900 });
  await page.goto(address);
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run());
  for (const violation of found.violations) faults.push(`${violation.id}: ${violation.nodes[0].html.slice(0, 200)}`);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (beyond > 0) faults.push(`${beyond} pixels wider than the page`);
  if (screenshots) await page.screenshot({ path: `${screenshots}_${width}_${scheme}.png`, fullPage: true });
  await page.close();
  return faults.map((fault) => `${width} pixels, ${scheme}: ${fault}`);
}

(async () => {
  const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
  let faults = [];
  for (const width of [390, 1280]) {
    for (const scheme of ["light", "dark"]) faults = faults.concat(await faults_of(browser, width, scheme));
  }
  await browser.close();
  console.log(faults.join("\n") || "no fault at 390 and 1280 pixels, light and dark");
  process.exit(faults.length ? 1 : 0);
})();
