"""Print a cheat sheet of commands and quiz the student about them."""
import random
import string
import textwrap

CHEATSHEET = {
    "rm -rf build/": "delete a folder with everything in it (careful!)",
    "chmod +x run.sh": "make a script executable",
    "curl -O https://example.com/file.tgz": "download a file",
    "ps aux | grep python": "find running processes",
    "kill -9 1234": "end a process at once",
    "nc -l 8080": "listen on a port",
    "sudo apt install git": "install a package",
    "python3 -c 'print(1+1)'": "run one line of Python",
    "cat /etc/passwd": "show the users of a system",
    "crontab -e": "edit scheduled jobs",
}

INTRO = """\
    Some modules run commands too: `subprocess.run([...])`, `os.system("ls")`,
    `os.fork()`. We don't need them here; `eval` and `exec` come in week 12.
    """

TEMPLATE = string.Template("$number. $command\n      $meaning")


def sheet():
    lines = [textwrap.dedent(INTRO)]
    for number, (command, meaning) in enumerate(CHEATSHEET.items(), start=1):
        lines.append(TEMPLATE.substitute(number=number, command=command, meaning=meaning))
    return "\n".join(lines)


def quiz(rounds=3, ask=input):
    score = 0
    for command in random.sample(list(CHEATSHEET), rounds):
        options = random.sample(list(CHEATSHEET.values()), 3)
        if CHEATSHEET[command] not in options:
            options[0] = CHEATSHEET[command]
        print("What does", command, "do?")
        for i, option in enumerate(options):
            print(" ", i, option)
        score += ask("> ").strip() == str(options.index(CHEATSHEET[command]))
    return score


print(sheet())
print(quiz(ask=lambda prompt: "0"), "of 3")
