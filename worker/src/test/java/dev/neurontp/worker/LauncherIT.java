package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Footprint;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** bin/neuron itself: where it may stand, how it finds a JDK, and what it refuses. */
@Tag("long")
class LauncherIT {
    private static final String PING = "{\"op\":\"ping\"}";
    private static final int ABORTED = 128 + 6;

    private final List<Path> links = new ArrayList<>();

    @TempDir
    private Path folder;

    private static void expectPong(ProgramProcess worker) {
        try (worker) {
            assertThat(worker.ask(PING)).contains("pong");
            worker.closeStdin();
            assertThat(worker.exitCode()).isZero();
            assertThat(worker.stderr()).isEmpty();
        }
    }

    /** Who starts many of them in one folder would find a file for each. */
    @Test
    void aCrashLeavesNoFileUnlessOneIsAskedFor() throws IOException {
        crash(Map.of());
        assertThat(folder).isEmptyDirectory();
        crash(Map.of("NEURON_JAVA_OPTS", "-XX:ErrorFile=" + folder.resolve("crash")));
        assertThat(folder).isDirectoryContaining("glob:**/crash");
    }

    private void crash(Map<String, String> environment) throws IOException {
        String script = "cd \"$1\" && ulimit -c 0 && exec \"$0\" --worker";
        List<String> command = List.of("sh", "-c", script, Programs.neuron(), folder.toString());
        try (ProgramProcess worker = ProgramProcess.command(environment, command)) {
            assertThat(worker.ask(PING)).contains("pong");
            worker.signal("SEGV");
            assertThat(worker.exitCode()).isEqualTo(ABORTED);
            assertThat(worker.stderr()).contains("A fatal error has been detected");
        }
    }

    @Test
    void worksThroughSymlinksAndFromAnyFolder() throws IOException {
        Path absolute = link("absolute", Path.of(Programs.neuron()));
        Path relative = link("relative", Path.of("absolute"));
        expectPong(ProgramProcess.command(Map.of(), List.of(relative.toString(), "--worker")));
        String script = "cd \"$1\" && exec ./relative --worker";
        expectPong(ProgramProcess.command(
                Map.of(), List.of("sh", "-c", script, "sh", absolute.getParent().toString())));
        expectPong(ProgramProcess.command(
                Map.of(), List.of("sh", "-c", "cd \"${0%/*}\" && exec sh neuron --worker", Programs.neuron())));
    }

    /** The folder above a link is another one than that above the folder it leads to, and may have a bin of its own. */
    @Test
    void worksThroughALinkToItsFolder() throws IOException {
        Path bin = link("programs", Programs.root().resolve("bin"));
        Files.createDirectories(folder.resolve("bin"));
        Files.writeString(folder.resolve("bin/common.sh"), "echo another folder; exit 9\n");
        expectPong(
                ProgramProcess.command(Map.of(), List.of(bin.resolve("neuron").toString(), "--worker")));
        Path through = link("through", Path.of("programs/neuron"));
        expectPong(ProgramProcess.command(Map.of(), List.of(through.toString(), "--worker")));
    }

    @Test
    void worksInAPathWithSpacesAndWithACacheThatDoesNotFit() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("a checkout; elsewhere"));
        Path root = Programs.root();
        copyFiles(root.resolve("bin"), copy.resolve("bin"));
        copyFiles(root.resolve("worker/target/app/lib"), copy.resolve("worker/target/app/lib"));
        Files.writeString(copy.resolve("worker/target/app/worker.aot"), "no cache");
        expectPong(ProgramProcess.command(
                Map.of(), List.of(copy.resolve("bin/neuron").toString(), "--worker")));
    }

    private Path link(String name, Path target) throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve(name), target);
        links.add(link);
        return link;
    }

    /** Before JUnit clears the folder, which it does with a warning for each link that leads out of it. */
    @AfterEach
    void removeLinks() throws IOException {
        for (Path link : links) {
            Files.delete(link);
        }
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
            for (Path file : files) {
                Files.copy(file, to.resolve(file.getFileName()), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** A Java of which only its file release can be used. */
    private Path brokenJava(String name, String release) throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), release);
        Path java = Files.writeString(home.resolve("bin/java"), "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    private static String pathWithThisJava() {
        String java = ProcessHandle.current().info().command().orElseThrow();
        return Path.of(java).getParent() + ":/usr/bin:/bin";
    }

    @Test
    void aJavaHomeThatIsTooOldOrNoneIsPassedOver() throws IOException {
        Path old = brokenJava("jdk-17", "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"17.0.1\"\n");
        String path = pathWithThisJava();
        expectPong(ProgramProcess.neuron(Map.of("JAVA_HOME", old.toString(), "PATH", path), "--worker"));
        expectPong(ProgramProcess.neuron(Map.of("JAVA_HOME", "", "PATH", path), "--worker"));
    }

    /** Java takes the colon for the end of a path, and does not start. */
    @Test
    void aJavaHomeWithAColonIsPassedOver() throws IOException {
        Path home = brokenJava("j:dk", "JAVA_VERSION=\"99\"\n");
        String path = pathWithThisJava();
        expectPong(ProgramProcess.neuron(Map.of("JAVA_HOME", home.toString(), "PATH", path), "--worker"));
    }

    @Test
    void wrongUseIsExitTwoWithTheReasonOnStderrAlone() {
        for (String wrong : List.of("--rank=-1", "--rank=4294967296", "--nonsense", "--stage=7b")) {
            try (ProgramProcess worker = ProgramProcess.neuron("--worker", wrong)) {
                assertThat(worker.exitCode()).isEqualTo(ExitCode.USAGE);
                worker.expectEndOfStdout();
                assertThat(worker.stderr())
                        .startsWith("neuron: ")
                        .hasLineCount(1)
                        .doesNotContain("Exception");
            }
        }
        for (String variable :
                List.of("NEURON_TP_STAGE", "NEURON_TP_COMMUNICATOR", "NEURON_LOG", "NEURON_LOOPBACK_FAULT")) {
            try (ProgramProcess worker = ProgramProcess.neuron(with(variable), "--worker")) {
                assertThat(worker.exitCode()).isEqualTo(ExitCode.USAGE);
                worker.expectEndOfStdout();
                assertThat(worker.stderr()).contains(variable + " is 'x': it must be");
            }
        }
    }

    /** A loopback worker's environment in which that variable holds nonsense. */
    private static Map<String, String> with(String variable) {
        Map<String, String> environment = new HashMap<>(Map.of("NEURON_TP_COMMUNICATOR", "loopback"));
        environment.put(variable, "x");
        return environment;
    }

    @Test
    void helpAndVersionAnswerOnStdout() {
        try (ProgramProcess help = ProgramProcess.neuron("--worker", "--help")) {
            assertThat(help.exitCode()).isZero();
            assertThat(help.line()).contains("rank");
        }
        try (ProgramProcess version = ProgramProcess.neuron("--worker", "--version")) {
            assertThat(version.exitCode()).isZero();
            assertThat(version.line()).startsWith("neuron ").contains("wire contract 1.0");
        }
    }

    @Test
    void aCommIdOfNcclCannotBeMadeAndTheReasonIsGiven() {
        try (ProgramProcess creator = ProgramProcess.neuron("--comm-id")) {
            assertThat(creator.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            creator.expectEndOfStdout();
            assertThat(creator.stderr()).contains("libnccl.so.2");
        }
    }

    @Test
    void aStdinThatCannotBeReadIsNamedByTheMakerOfACommId() {
        List<String> directory = List.of(
                "sh", "-c", "exec \"$0\" --comm-id --communicator loopback </tmp", Programs.root() + "/bin/neuron");
        try (ProgramProcess creator = ProgramProcess.command(Map.of(), directory)) {
            assertThat(creator.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(creator.stderr()).contains("neuron: stdin cannot be read: Is a directory");
        }
    }

    @Test
    void beforeInitNoPortIsOpen() throws IOException {
        try (ProgramProcess worker = ProgramProcess.worker(Map.of(), "loopback", 0, 2, 0)) {
            worker.ask(PING);
            assertThat(sockets(worker.process().pid())).isZero();
        }
        // The same count does see one, in this process.
        try (ServerSocket _ = new ServerSocket(0)) {
            assertThat(sockets(ProcessHandle.current().pid())).isPositive();
        }
    }

    private static long sockets(long pid) throws IOException {
        return new Footprint(pid).look().sockets();
    }
}
