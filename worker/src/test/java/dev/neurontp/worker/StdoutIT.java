package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** stdout carries frames and nothing else (F5), whatever it is and whoever prints. */
class StdoutIT {
    private static final String PING = "{\"op\":\"ping\"}";
    private static final String PONG = "{\"op\":\"pong\",\"rank\":0,\"world_size\":1,\"cuda_device\":0}";
    private static final String BYE = "{\"op\":\"bye\"}";
    private static final String REQUESTS = "printf '{\"op\":\"ping\"}\\n{\"op\":\"shutdown\"}\\n' | ";
    private static final String NOBODY = "65534";

    @TempDir
    private Path folder;

    private static ProgramProcess shell(String script, Object... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script));
        command.add(Programs.neuron());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return ProgramProcess.command(Map.of(), command);
    }

    @Test
    void printsOfTheJvmGoToStderr() {
        Map<String, String> environment = Map.of("NEURON_JAVA_OPTS", "-XX:+PrintFlagsFinal -Xlog:gc*:stdout");
        expectNothingBut(environment, "UseSerialGC");
    }

    @Test
    void leakedOptionsOfTheJvmAreNotObeyed() {
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
            try (ProgramProcess worker = ProgramProcess.neuron(Map.of(variable, "-XX:+PrintFlagsFinal"), "--worker")) {
                assertThat(worker.send(PING, "{\"op\":\"shutdown\"}").line()).isEqualTo(PONG);
                assertThat(worker.line()).isEqualTo(BYE);
                worker.expectEndOfStdout();
                assertThat(worker.stderr()).isEmpty();
            }
        }
    }

    @Test
    void printsOfJavaAndOfNativeCodeGoToStderr() throws IOException {
        Map<String, String> environment = Map.of("NEURON_JAVA_OPTS", "-javaagent:" + noiseAgent());
        expectNothingBut(environment, "noise from Java", "noise from native code");
    }

    private static void expectNothingBut(Map<String, String> environment, String... onStderr) {
        try (ProgramProcess worker = ProgramProcess.neuron(environment, "--worker")) {
            for (int i = 0; i < 100; i++) {
                assertThat(worker.ask(PING)).isEqualTo(PONG);
            }
            assertThat(worker.ask("{\"op\":\"shutdown\"}")).isEqualTo(BYE);
            worker.expectEndOfStdout();
            assertThat(worker.exitCode()).isZero();
            assertThat(worker.stderr()).contains(onStderr);
        }
    }

    private Path noiseAgent() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", PrintingAgent.class.getName());
        manifest.getMainAttributes().putValue("Enable-Native-Access", "ALL-UNNAMED");
        Path jar = folder.resolve("noise.jar");
        String resource = PrintingAgent.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream in = PrintingAgent.class.getClassLoader().getResourceAsStream(resource)) {
            out.putNextEntry(new JarEntry(resource));
            in.transferTo(out);
        }
        return jar;
    }

    @Test
    void aFileKeepsWhatIsInItAndWhatOthersWriteToItLater() throws IOException {
        Path file = Files.writeString(folder.resolve("log"), "before\n");
        try (ProgramProcess shell = shell("{ " + REQUESTS + "\"$0\" --worker; echo after; } >>\"$1\"", file)) {
            assertThat(shell.exitCode()).isZero();
            assertThat(Files.readString(file)).isEqualTo("before\n" + PONG + "\n" + BYE + "\nafter\n");
        }
        try (ProgramProcess shell =
                shell("{ echo first; " + REQUESTS + "\"$0\" --worker; echo after; } >\"$1\"", file)) {
            assertThat(shell.exitCode()).isZero();
            assertThat(Files.readString(file)).isEqualTo("first\n" + PONG + "\n" + BYE + "\nafter\n");
        }
    }

    /** The first call into the C library takes longer than a start does without it. */
    @ParameterizedTest
    @ValueSource(strings = {"", "stdin is a pipe"})
    void aSocketIsWrittenToWithoutTheCLibrary(String pipe) throws IOException {
        String perl = """
                my $from;
                if ($ARGV[1]) { pipe(my $read, my $write) or die; $from = $read; $to = $write } else { $from = $child; $to = $parent }
                if (fork() == 0) {
                    open(STDIN, "<&", $from); open(STDOUT, ">&", $child);
                    close $parent; close $write if $write;
                    exec $ARGV[0], "--worker";
                }
                close $child;
                syswrite $to, qq({"op":"ping"}\n{"op":"shutdown"}\n);
                print while <$parent>;
                wait; print "exit ", $? >> 8, "\n";
                """;
        try (ProgramProcess leader = perl(loadedClasses(), perl, pipe)) {
            assertThat(leader.line()).isEqualTo(PONG);
            assertThat(leader.line()).isEqualTo(BYE);
            assertThat(leader.line()).isEqualTo("exit 0");
        }
        assertThat(classes())
                .anyMatch(line -> line.contains("worker.os.LocalSocketOutput "))
                .noneMatch(line -> line.contains("worker.os.Descriptor "));
    }

    /** Of what did not fit, nothing is lost and nothing comes twice. */
    @Test
    void aSocketThatASiblingHasMadeNonBlockingIsWaitedFor() throws IOException {
        String perl = """
                if (fork() == 0) {
                    open(STDIN, "<&", $child); open(STDOUT, ">&", $child);
                    close $parent;
                    exec $ARGV[0], "--worker";
                }
                # Nobody reads: what can no more be written for a second says that the worker waits.
                syswrite $parent, qq({"op":"ping"}\n);
                <$parent>;
                fcntl($_, F_SETFL, fcntl($_, F_GETFL, 0) | O_NONBLOCK) for ($child, $parent);
                my ($ping, $sent, $full) = (qq({"op":"ping"}\n), "", 0);
                until ($full) {
                    my $n = syswrite $parent, substr($ping, length($sent) % length($ping));
                    if (defined $n) { $sent .= "x" x $n; next }
                    my $set = ""; vec($set, fileno($parent), 1) = 1;
                    $full = !select(undef, $set, undef, 1);
                }
                fcntl($parent, F_SETFL, fcntl($parent, F_GETFL, 0) & ~O_NONBLOCK);
                my $pings = int((length($sent) + length($ping) - 1) / length($ping));
                if (fork() == 0) {
                    syswrite $parent, substr($ping, length($sent) % length($ping)) if length($sent) % length($ping);
                    syswrite $parent, qq({"op":"shutdown"}\n);
                    exit;
                }
                close $child;
                my %lines; my $read = 0;
                while (<$parent>) { $lines{$_}++; last if /bye/ }
                print join("", map { "$_" } sort keys %lines);
                print $pings - $lines{qq({"op":"pong","rank":0,"world_size":1,"cuda_device":0}\n)}, " are missing\n";
                """;
        try (ProgramProcess leader = perl(loadedClasses(), perl)) {
            assertThat(leader.line()).isEqualTo(BYE);
            assertThat(leader.line()).isEqualTo(PONG);
            assertThat(leader.line()).isEqualTo("0 are missing");
        }
        assertThat(classes()).as("it was full").anyMatch(line -> line.contains("worker.os.Descriptor "));
    }

    private Map<String, String> loadedClasses() {
        return Map.of("NEURON_JAVA_OPTS", "-Xlog:class+load=info:file=" + folder.resolve("classes-%p"));
    }

    private List<String> classes() throws IOException {
        List<String> classes = new ArrayList<>();
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "classes-*")) {
            for (Path log : logs) {
                classes.addAll(Files.readAllLines(log));
            }
        }
        return classes;
    }

    /** Runs a script with a pair of connected sockets, $parent and $child. */
    private static ProgramProcess perl(Map<String, String> environment, String script, String... arguments) {
        assumeTrue(
                isOnThePath("perl"), "perl, which makes a socketpair here, is not on the PATH: apt-get install perl");
        String pair = """
                use Socket; use Fcntl;
                socketpair(my $parent, my $child, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die;
                $| = 1;
                """;
        List<String> command = new ArrayList<>(List.of("perl", "-e", pair + script, Programs.neuron()));
        command.addAll(List.of(arguments));
        return ProgramProcess.command(environment, command);
    }

    @Test
    void anotherUsersPipeIsWrittenTo() {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become another user");
        assumeTrue(isOnThePath("setpriv"), "setpriv is not on the PATH: apt-get install util-linux");
        assumeTrue(canNobodyRun(), "the user nobody may not read the checkout");
        String become = "exec setpriv --reuid=" + NOBODY + " --regid=" + NOBODY + " --clear-groups \"$0\" --worker";
        try (ProgramProcess worker = shell(become)) {
            assertThat(worker.ask(PING)).isEqualTo(PONG);
            assertThat(worker.ask("{\"op\":\"shutdown\"}")).isEqualTo(BYE);
            assertThat(worker.exitCode()).isZero();
        }
    }

    private static boolean canNobodyRun() {
        try (ProgramProcess test =
                shell("exec setpriv --reuid=" + NOBODY + " --clear-groups test -r \"${0%neuron}common.sh\"")) {
            return test.exitCode() == 0;
        }
    }

    @Test
    void aClosedStreamIsAnErrorThatSaysSo() {
        try (ProgramProcess closed = shell("exec \"$0\" --worker >&-")) {
            assertThat(closed.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(closed.stderr()).contains("stdout is closed");
        }
        try (ProgramProcess closed = shell("exec \"$0\" --worker <&-")) {
            assertThat(closed.exitCode()).isEqualTo(ExitCode.USAGE);
            closed.expectEndOfStdout();
            assertThat(closed.stderr()).contains("stdin is closed");
        }
        try (ProgramProcess closed = shell(REQUESTS + "\"$0\" --worker 2>&-")) {
            assertThat(closed.line()).isEqualTo(PONG);
            assertThat(closed.line()).isEqualTo(BYE);
            assertThat(closed.exitCode()).isZero();
        }
    }

    private static boolean isOnThePath(String program) {
        for (String entry : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(entry, program))) {
                return true;
            }
        }
        return false;
    }
}
