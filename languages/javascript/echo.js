const { readFileSync } = require("node:fs");

for (const arg of process.argv.slice(2)) {
  console.log(`arg: ${arg}`);
}
const lines = readFileSync(0, "utf8").split("\n");
if (lines.at(-1) === "") {
  lines.pop();
}
for (const line of lines) {
  console.log(`stdin: ${line}`);
}
process.exitCode = 3;
