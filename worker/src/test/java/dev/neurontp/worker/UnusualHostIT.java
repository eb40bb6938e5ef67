package dev.neurontp.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a worker may be started: with any environment, limit, locale and path. */
@Timeout(120)
class UnusualHostIT {
    private static final String PING = "{\"op\":\"ping\"}";
    private static final Path ROOT = Programs.root();

    @TempDir
    Path folder;

    private static void expectPong(ProgramProcess started) {
        try (ProgramProcess worker = started) {
            assertThat(worker.ask(PING)).contains("pong");
            worker.closeStdin();
            assertThat(worker.exitCode()).isZero();
        }
    }

    private static ProgramProcess sh(Map<String, String> environment, String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script));
        command.addAll(Arrays.asList(arguments));
        return ProgramProcess.command(environment, command);
    }

    /** Limited as the shell's ulimit does. */
    private static ProgramProcess limited(String limit) {
        return sh(Map.of(), "ulimit " + limit + "; exec \"$@\"", "sh", Programs.neuron(), "--worker");
    }

    /** The launcher and the jars of a built tree, elsewhere. */
    private Path checkoutIn(String name) throws IOException {
        Path root = folder.resolve(name);
        Path lib = Files.createDirectories(root.resolve("worker/target/app/lib"));
        Files.createDirectories(root.resolve("bin"));
        for (String script : List.of("neuron", "common.sh")) {
            Files.copy(ROOT.resolve("bin").resolve(script), root.resolve("bin").resolve(script));
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(ROOT.resolve("worker/target/app/lib"))) {
            for (Path jar : jars) {
                Files.copy(jar, lib.resolve(jar.getFileName().toString()));
            }
        }
        return root.resolve("bin/neuron");
    }

    private Path script(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void whatAPersonsShellExportsDoesNotMatter(String shell) throws IOException {
        assumeTrue(Files.exists(Path.of("/bin", shell)), "SKIPPED: there is no " + shell);
        // A cd that searches prints what it found, or goes to another folder of that name.
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(home.resolve("bin"));
        Path startup = script("startup", "echo startup; exit 9\n");
        Map<String, String> environment = new HashMap<>();
        environment.put("CDPATH", home + ":.");
        environment.put("IFS", "/n");
        environment.put("ENV", startup.toString());
        environment.put("BASH_ENV", startup.toString());
        environment.put("GLOBIGNORE", "*.jar");
        environment.put("EXECIGNORE", "*");
        environment.put("POSIXLY_CORRECT", "1");
        environment.put("GREP_OPTIONS", "-v");
        environment.put("SHELLOPTS", "noglob:errexit:nounset:noclobber");
        for (String function : List.of("cd", "pwd", "command", "printf", "read", "readlink")) {
            environment.put("BASH_FUNC_" + function + "%%", "() { echo function; exit 8; }");
        }
        List<String> command = List.of(
                "env",
                "-C",
                ROOT.toString(),
                shell.equals("bash") ? "bash" : "dash",
                shell.equals("bash") ? "--posix" : "--",
                "bin/neuron",
                "--worker");

        expectPong(ProgramProcess.command(environment, command));
    }

    /** A bash that is sh has functions of any name, and an option with which it would print its environment. */
    @ParameterizedTest
    @ValueSource(strings = {"", "keyword", "keyword:noglob"})
    void whatABashThatIsShTakesFromTheEnvironmentDoesNotMatter(String options) throws Exception {
        Path bash = Path.of("/bin/bash");
        assumeTrue(Files.exists(bash), "SKIPPED: there is no bash");
        Path sh = Files.createSymbolicLink(folder.resolve("sh"), bash);
        Map<String, String> environment = new HashMap<>(options.isEmpty() ? Map.of() : Map.of("SHELLOPTS", options));
        for (String function : namesThatFunctionsMayHave()) {
            environment.put("BASH_FUNC_" + function + "%%", "() { builtin echo function " + function + "; return 8; }");
        }

        expectPong(ProgramProcess.command(environment, List.of(sh.toString(), Programs.neuron(), "--worker")));
        try (ProgramProcess version = ProgramProcess.command(
                environment, List.of(sh.toString(), Programs.neuron(), "--worker", "--version"))) {
            assertThat(version.line()).startsWith("neuron ");
            version.expectEndOfStdout();
            assertThat(version.stderr()).isEmpty();
            assertThat(version.exitCode()).isZero();
        }
    }

    /** Those of bash, and of the programs that the launchers start. */
    private static List<String> namesThatFunctionsMayHave() throws IOException, InterruptedException {
        Process asked = new ProcessBuilder("bash", "-c", "compgen -b").start();
        List<String> names = new ArrayList<>(
                new String(asked.getInputStream().readAllBytes(), UTF_8).lines().toList());
        assertThat(asked.waitFor()).isZero();
        names.remove("builtin");
        names.addAll(List.of("env", "grep", "head", "readlink", "sed", "stty", "timeout", "tr", "uname"));
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "xx_YY.UTF-8", "de_DE.ISO-8859-1"})
    void itRunsInUtf8WhateverTheLocale(String locale) throws IOException {
        String program = checkoutIn("Größe 大").toString();
        Map<String, String> environment = Map.of("LC_ALL", locale, "LANG", locale, "LANGUAGE", "de");

        expectPong(ProgramProcess.command(environment, List.of(program, "--worker")));
        try (ProgramProcess wrong = ProgramProcess.command(environment, List.of(program, "--worker", "--größe=大"))) {
            assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(wrong.stderr()).contains("unknown option '--größe=大'");
        }
    }

    @Test
    void aColonInThePathOfTheCheckoutIsNoSeparator() throws IOException {
        expectPong(ProgramProcess.command(Map.of(), List.of(checkoutIn("a:b").toString(), "--worker")));
    }

    /** Another checkout that has the rest of the name is another one. */
    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void aLineEndAtTheEndOfThePathOfTheCheckoutIsPartOfIt(String shell) throws IOException {
        String program = checkoutIn("tail\n").toString();
        Path other = Files.createDirectories(folder.resolve("tail/bin"));
        Files.writeString(other.resolve("common.sh"), "exit 9\n");
        Path link = Files.createSymbolicLink(folder.resolve("neuron"), Path.of(program));
        expectPong(ProgramProcess.command(Map.of(), List.of(shell, program, "--worker")));
        expectPong(ProgramProcess.command(Map.of(), List.of(shell, link.toString(), "--worker")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void aNameThatIsNoUtf8IsNamed(String shell) throws IOException {
        checkoutIn("good");
        String script =
                "bad=$(printf 'bad\\377'); cp -R \"$1/good\" \"$1/$bad\"; exec \"$2\" \"$1/$bad/bin/neuron\" --worker";
        isRefused(List.of("sh", "-c", script, "sh", folder.toString(), shell), "neuron: the folder ");
    }

    private static void isRefused(List<String> command, String what) {
        try (ProgramProcess worker = ProgramProcess.command(Map.of(), command)) {
            assertThat(worker.exitCode()).isEqualTo(ExitCode.USAGE);
            worker.expectEndOfStdout();
            assertThat(worker.stderr())
                    .startsWith(what)
                    .contains("bytes that are no UTF-8")
                    .hasLineCount(1);
        }
    }

    @Test
    void aCurrentFolderThatHasBeenRemovedDoesNotMatter() {
        String script = "mkdir \"$1/gone\"; cd \"$1/gone\"; rmdir \"$1/gone\"; exec \"$0\" --worker";
        List<String> command = List.of("sh", "-c", script, Programs.neuron(), folder.toString());
        expectPong(ProgramProcess.command(Map.of(), command));
    }

    /** As in a chroot that somebody made by hand. */
    @Test
    void itRunsWithoutFoldersForDescriptors() throws Exception {
        String hide =
                "mount -t tmpfs none /dev && mknod /dev/null c 1 3 && chmod 666 /dev/null && test ! -e /dev/fd && exec \"$@\"";
        List<String> withoutDevFd = List.of("unshare", "--mount", "sh", "-c", hide, "sh");
        List<String> probe = new ArrayList<>(withoutDevFd);
        probe.add("true");
        assumeTrue(
                new ProcessBuilder(probe).start().waitFor() == 0, "SKIPPED: only root can hide /dev/fd from a process");
        List<String> command = new ArrayList<>(withoutDevFd);
        command.addAll(List.of(Programs.neuron(), "--worker"));
        expectPong(ProgramProcess.command(Map.of(), command));
    }

    @Test
    void itRunsInAnAddressSpaceOfOneGigabyteAndWithTwentyDescriptors() {
        expectPong(limited("-v 1000000"));
        expectPong(limited("-n 20"));
    }

    /** It would start, and break off on its way with words that name no limit. */
    @ParameterizedTest
    @ValueSource(strings = {"--worker --rank 0 --tp-size 1 --cuda-device 0", "--comm-id"})
    void withFewerDescriptorsTheLimitIsNamedAndNothingStarts(String mode) {
        List<String> command = List.of("sh", "-c", "ulimit -n 19 && exec \"$0\" " + mode, Programs.neuron());
        try (ProgramProcess worker = ProgramProcess.command(Map.of(), command)) {
            assertThat(worker.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            worker.expectEndOfStdout();
            assertThat(worker.stderr()).contains("ulimit -n is 19, and it needs 20 open files at least");
        }
    }

    @Test
    void whereTheJvmCannotStartItsWordsAreOnStderrAlone() {
        try (ProgramProcess worker = limited("-v 400000")) {
            assertThat(worker.exitCode()).isNotZero();
            worker.expectEndOfStdout();
            assertThat(worker.stderr()).contains("Could not reserve");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-such-option", "-Xmx1", "-XX:NoSuchFlag=1"})
    void aWrongOptionForTheJvmIsNamedOnStderrAlone(String option) {
        try (ProgramProcess worker = ProgramProcess.neuron(Map.of("NEURON_JAVA_OPTS", option), "--worker")) {
            assertThat(worker.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            worker.expectEndOfStdout();
            assertThat(worker.stderr()).contains("NEURON_JAVA_OPTS \"" + option + "\"");
        }
    }

    /** As in a container of a docker that is older than the C library in it. */
    @Test
    void aSandboxThatHidesWhatCanBeReadIsNamedAndNoJdkMissed() throws Exception {
        assumeTrue(Files.exists(Path.of("/bin/dash")), "SKIPPED: there is no dash, which asks by faccessat2");
        List<String> denied = List.of("python3", "-c", """
                import ctypes, errno, os, struct, sys
                code = ((0x20, 0, 0, 0), (0x15, 0, 1, 439), (6, 0, 0, 0x50000 | errno.EPERM), (6, 0, 0, 0x7fff0000))
                filters = b"".join(struct.pack("HBBI", *step) for step in code)
                class Program(ctypes.Structure):
                    _fields_ = [("length", ctypes.c_ushort), ("filters", ctypes.c_char_p)]
                libc = ctypes.CDLL(None)
                libc.prctl(38, 1, 0, 0, 0)
                if libc.prctl(22, 2, ctypes.byref(Program(len(code), filters)), 0, 0):
                    sys.exit("no seccomp")
                os.execvp(sys.argv[1], sys.argv[1:])
                """);
        List<String> probe = new ArrayList<>(denied);
        probe.addAll(List.of("dash", "-c", "[ ! -r / ]"));
        assumeTrue(Programs.runs(probe), "SKIPPED: there is no python3, no seccomp, or a dash that asks otherwise");
        List<String> command = new ArrayList<>(denied);
        command.addAll(List.of("dash", Programs.neuron(), "--worker"));
        try (ProgramProcess worker = ProgramProcess.command(Map.of(), command)) {
            assertThat(worker.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(worker.stderr()).contains("seccomp").doesNotContain("there is no JDK");
        }
    }

    /** Java would end with exit code 0. */
    @ParameterizedTest
    @ValueSource(strings = {"-version", "-Xss1m --version", "--help", "--dry-run", "-Xlog:help"})
    void anOptionWithWhichJavaRunsNoProgramIsRefused(String option) {
        try (ProgramProcess worker = ProgramProcess.neuron(Map.of("NEURON_JAVA_OPTS", option), "--worker")) {
            assertThat(worker.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            worker.expectEndOfStdout();
            assertThat(worker.stderr())
                    .startsWith("neuron: NEURON_JAVA_OPTS is \"" + option + "\": with ")
                    .endsWith(": take it out\n");
        }
    }

    /** The home that the script gives is taken, before any JDK that this host has in the usual place. */
    @Test
    void aVersionManagersScriptOnThePathIsAskedForItsHome() throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        Path home = folder.resolve("managed");
        script("managed/bin/java", "echo managed >&2\nexec " + java + " \"$@\"\n");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        script("shims/java", "echo '    java.home = " + home + "' >&2\n");
        Map<String, String> environment = Map.of("JAVA_HOME", "", "PATH", folder.resolve("shims") + ":/usr/bin:/bin");
        try (ProgramProcess worker = ProgramProcess.neuron(environment, "--worker")) {
            assertThat(worker.ask(PING)).contains("pong");
            worker.closeStdin();
            assertThat(worker.exitCode()).isZero();
            assertThat(worker.stderr()).isEqualTo("managed\n");
        }
    }

    /** A JDK in the usual place is taken then, or there is none. */
    @ParameterizedTest
    @ValueSource(strings = {"exec sleep 100", "exec yes", "sleep 100 & exit 0"})
    void aScriptThatDoesNotAnswerIsNotWaitedForLong(String waits) throws IOException {
        script("shims/java", waits + "\n");
        Map<String, String> environment = Map.of("JAVA_HOME", "", "PATH", folder.resolve("shims") + ":/usr/bin:/bin");
        try (ProgramProcess worker = ProgramProcess.neuron(environment, "--worker")) {
            worker.closeStdin();
            assertThat(worker.exitCode()).isIn(0, ExitCode.USAGE);
            assertThat(worker.stderr())
                    .startsWith("neuron: the script " + folder.resolve("shims/java")
                            + " did not say its java.home within 10 s: set JAVA_HOME\n");
        }
    }

    @Test
    void aScriptThatHasAnsweredIsNotWaitedFor() throws IOException {
        Path home = Path.of(System.getProperty("java.home"));
        script("shims/java", "sleep 30 &\necho '    java.home = " + home + "'\n");
        Map<String, String> environment = Map.of("JAVA_HOME", "", "PATH", folder.resolve("shims") + ":/usr/bin:/bin");
        Instant begin = Instant.now();
        try (ProgramProcess worker = ProgramProcess.neuron(environment, "--worker")) {
            assertThat(worker.ask(PING)).contains("pong");
            worker.closeStdin();
            assertThat(worker.stderr()).isEmpty();
        }
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(9));
    }

    /** A pipe that nobody writes to, and a number that no shell can compare. */
    @ParameterizedTest
    @ValueSource(strings = {"mkfifo \"$1/release\"", "echo 'JAVA_VERSION=\"99999999999999999999\"' >\"$1/release\""})
    void aJavaHomeThatSaysNoVersionIsNoJdk(String release) throws IOException {
        script("jdk/bin/java", "exit 9\n");
        String script = release + "; JAVA_HOME=$1 exec \"$2\" --worker </dev/null";
        try (ProgramProcess worker =
                sh(Map.of(), script, "sh", folder.resolve("jdk").toString(), Programs.neuron())) {
            assertThat(worker.exitCode()).isIn(0, ExitCode.USAGE);
            assertThat(worker.stderr()).doesNotContain("[:");
        }
    }

    /** A program's first line may be thousands of bytes, which a shell reads one by one. */
    @Test
    void anOldJdkOnThePathIsNotTakenForAVersionManagersScript() throws IOException {
        Path asked = folder.resolve("asked");
        script("jdk-17/bin/java", "touch " + asked + "\n");
        Files.writeString(folder.resolve("jdk-17/release"), "JAVA_VERSION=\"17.0.1\"\n");
        Map<String, String> environment =
                Map.of("JAVA_HOME", "", "PATH", folder.resolve("jdk-17/bin") + ":/usr/bin:/bin");
        try (ProgramProcess worker = ProgramProcess.neuron(environment, "--worker")) {
            worker.closeStdin();
            // 2 on a host that has no other JDK in the usual place.
            assertThat(worker.exitCode()).isIn(0, ExitCode.USAGE);
            assertThat(asked).doesNotExist();
        }
    }
}
