// Runs whatever is typed: a calculator in one line, and everything else as well.
const lines = require("fs").readFileSync(0, "utf8").split("\n");
for (const line of lines) {
  console.log(eval(line));
}
