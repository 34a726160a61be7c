"""How the package managers of languages are recognised: what fetches dependencies, and what builds."""

from __future__ import annotations

from scaffold.verify.lint.shell import Command

# (program, first operands) of commands that fetch what a manifest or lockfile names, and build nothing.
_FETCHES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("go", ("mod", "download")),
    ("go", ("mod", "vendor")),
    ("npm", ("ci",)),
    ("pnpm", ("fetch",)),
    ("uv", ("sync",)),
    ("poetry", ("install",)),
    ("pipenv", ("install",)),
    ("pipenv", ("sync",)),
    ("cargo", ("fetch",)),
    ("cargo", ("chef", "cook")),
    ("bundle", ("install",)),
    ("composer", ("install",)),
    ("mvn", ("dependency:go-offline",)),
    ("mvnw", ("dependency:go-offline",)),
    ("gradle", ("dependencies",)),
    ("gradlew", ("dependencies",)),
    ("dotnet", ("restore",)),
    ("mix", ("deps.get",)),
    ("conan", ("install",)),
    ("vcpkg", ("install",)),
)
# The same where they take no further operand: with one, they install that package as a tool.
_FETCHES_ALONE = (
    ("npm", "install"),
    ("npm", "i"),
    ("pnpm", "install"),
    ("pnpm", "i"),
    ("bun", "install"),
    ("yarn", "install"),
)
# Commands that compile, and fetch what is missing.
_BUILDS = (
    ("go", ("build", "install")),
    ("cargo", ("build", "install")),
    ("mvn", ("package", "install", "verify")),
    ("mvnw", ("package", "install", "verify")),
    ("gradle", ("build", "assemble", "bootJar", "installDist", "shadowJar")),
    ("gradlew", ("build", "assemble", "bootJar", "installDist", "shadowJar")),
    ("dotnet", ("build", "publish")),
    ("swift", ("build",)),
    ("zig", ("build",)),
    ("mix", ("release",)),
)
_COMPILERS = frozenset(("make", "gcc", "g++", "cc", "clang", "cmake", "javac", "rustc", "tsc"))
# What tells a package manager to fetch nothing.
_OFFLINE = {
    "go": ("-mod=vendor",),
    "cargo": ("--offline", "--frozen"),
    "mvn": ("-o", "--offline"),
    "mvnw": ("-o", "--offline"),
    "gradle": ("--offline",),
    "gradlew": ("--offline",),
    "dotnet": ("--no-restore",),
}


def fetches(command: Command) -> bool:
    """Tell whether the command only fetches the dependencies of a project."""
    operands = command.operands
    if any(command.does(program, *first) for program, first in _FETCHES):
        return True
    if command.program == "yarn" and not operands:
        return True
    if (command.program, *operands) in _FETCHES_ALONE:
        return not command.has("-g", "--global")
    return _is_pip_install(command) and command.has("-r", "--requirement", "--requirements")


def _is_pip_install(command: Command) -> bool:
    operands = command.operands
    if command.program in ("pip", "pip3", "uv"):
        return "install" in operands[:2]
    return command.program.startswith("python") and operands[:2] == ("pip", "install")


def builds(command: Command) -> bool:
    """Tell whether the command compiles a program."""
    if command.program in _COMPILERS:
        return True
    return any(command.program == program and set(tasks) & set(command.operands) for program, tasks in _BUILDS)


def builds_and_fetches(command: Command) -> bool:
    """Tell whether the command compiles the project with a package manager that fetches what is missing."""
    if not builds(command) or command.program in _COMPILERS or _installs_a_tool(command):
        return False
    return not command.has(*_OFFLINE.get(command.program, ()))


def _installs_a_tool(command: Command) -> bool:
    if command.program == "cargo":
        return "install" in command.operands and not command.has("--path")
    return "install" in command.operands and any("@" in operand for operand in command.operands)
