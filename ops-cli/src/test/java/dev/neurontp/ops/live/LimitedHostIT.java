package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** tpctl and the daemon where a host limits them, and what scripts see of it: nothing but tpctl's own output on stdout. */
@Timeout(180)
@Tag("long")
class LimitedHostIT {
    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    /** Runs a script under a limit of the shell's ulimit; {@code $0} is tpctl and {@code $1} neuron. */
    private ProgramProcess limited(String limit, String script) {
        return ProgramProcess.command(
                        Map.of("NEURON_RUNTIME_DIR", site.runtime().toString()),
                        List.of("sh", "-c", "ulimit " + limit + "; " + script, Programs.tpctl(), Programs.neuron()))
                .closeStdin();
    }

    private static void isExitThreeWithNothingOnStdout(ProgramProcess program, String said) {
        try (program) {
            assertThat(program.exitCode()).as(program.stderr()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(program.stdout()).isEmpty();
            assertThat(program.stderr()).contains(said);
        }
    }

    /** As schedulers of clusters set it. */
    @ParameterizedTest
    @ValueSource(strings = {"-v 1500000", "-n 64"})
    void aPoolLivesUnderALimit(String limit) throws IOException {
        String script = "id=$(\"$0\" up -d --communicator loopback) && \"$0\" init \"$id\" >&2 && "
                + "\"$0\" shutdown \"$id\" >&2 && echo \"$id\"";
        try (ProgramProcess all = limited(limit, script)) {
            assertThat(all.exitCode()).as(all.stderr()).isZero();
            assertThat(all.stdout()).singleElement().asString().matches("[a-z2-7]{8}");
        }
        site.awaitNothingLeft();
    }

    /** tpctl is the leader here, and starts the workers under the same limit. */
    @Test
    void tpctlAndTheWorkersRunInAnAddressSpaceOfOneGigabyte() {
        try (ProgramProcess demo = limited("-v 1000000", "exec \"$0\" demo --size 3")) {
            assertThat(demo.exitCode()).as(demo.stderr()).isZero();
            assertThat(String.join("\n", demo.stdout())).contains("Done in");
        }
    }

    @Test
    void whereTheDescriptorsDoNotSufficeForADaemonTheLimitIsNamedAndNothingIsLeft() {
        isExitThreeWithNothingOnStdout(
                limited("-n 41", "exec \"$0\" up -d --communicator loopback"), "raise its limit (ulimit -n)");
        assertThat(site.runtime()).isEmptyDirectory();
    }

    @Test
    void whatTheAddressSpaceIsTooSmallForIsExitThree() {
        isExitThreeWithNothingOnStdout(limited("-v 300000", "exec \"$0\" ls"), "ulimit -v 300000");
        isExitThreeWithNothingOnStdout(limited("-v 300000", "exec \"$1\" --port 0"), "ulimit -v 300000");
        isExitThreeWithNothingOnStdout(
                limited("-v 300000", "id=$(\"$0\" up -d); code=$?; echo -n \"$id\"; exit $code"), "ulimit -v 300000");
    }

    @Test
    void whatTheDataSegmentIsTooSmallForIsExitThree() {
        isExitThreeWithNothingOnStdout(limited("-d 200000", "exec \"$0\" ls"), "-d 200000");
        isExitThreeWithNothingOnStdout(limited("-d 200000", "exec \"$1\" --port 0"), "-d 200000");
    }

    /** The limit does not bind root. */
    @ParameterizedTest
    @ValueSource(ints = {4, 8, 12})
    void whatTheProcessesAreTooFewForIsExitThree(int processes) throws Exception {
        List<String> user = "root".equals(System.getProperty("user.name"))
                // A user that runs nothing else meanwhile: that of the image is 65532.
                ? List.of("setpriv", "--reuid=65531", "--regid=65531", "--clear-groups")
                : List.of();
        List<String> probe = new ArrayList<>(user);
        probe.addAll(List.of("test", "-r", Programs.tpctl()));
        assumeTrue(
                new ProcessBuilder(probe).start().waitFor() == 0,
                "SKIPPED: another user cannot read " + Programs.tpctl());
        for (List<String> program : List.of(List.of(Programs.tpctl(), "ls"), List.of(Programs.neuron(), "--port=0"))) {
            List<String> command = new ArrayList<>(user);
            command.addAll(List.of("prlimit", "--nproc=" + processes));
            command.addAll(program);
            isExitThreeWithNothingOnStdout(
                    ProgramProcess.command(Map.of("HOME", "/"), command).closeStdin(), "processes " + processes + ", ");
        }
    }

    /** As the limit of a container, or of a systemd unit; it binds root, too, and what is below its group. */
    @ParameterizedTest
    @ValueSource(ints = {4, 8, 10, 11})
    void whatAControlGroupGivesTooFewProcessesForIsExitThree(int processes) throws Exception {
        try (ProcessesGroup group = ProcessesGroup.of(processes)) {
            for (List<String> program : List.of(
                    List.of(Programs.tpctl(), "ls"),
                    List.of(Programs.neuron(), "--port=0"),
                    List.of(Programs.neuron(), "--preflight"))) {
                isExitThreeWithNothingOnStdout(
                        ProgramProcess.command(Map.of("HOME", "/"), group.around(program))
                                .closeStdin(),
                        "pids.max " + processes + ": ");
            }
        }
    }

    /** As a worker's shell, too: a shell would end with 2, which is usage. */
    @ParameterizedTest
    @ValueSource(strings = {"ls", "--worker", "--tp-smoke"})
    void aShellThatCannotForkIsExitThreeAndNamesTheLimit(String argument) throws Exception {
        String program = argument.equals("ls") ? Programs.tpctl() : Programs.neuron();
        try (ProcessesGroup group = ProcessesGroup.of(1)) {
            isExitThreeWithNothingOnStdout(
                    ProgramProcess.command(Map.of("HOME", "/"), group.around(List.of(program, argument)))
                            .closeStdin(),
                    "its shell cannot fork: the host gives it no more processes");
        }
    }

    /** The daemon's shell has what tpctl's own threads leave. */
    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18, 20})
    void upUnderALimitOnProcessesIsNoUsage(int processes) throws Exception {
        try (ProcessesGroup group = ProcessesGroup.of(processes)) {
            Map<String, String> environment =
                    Map.of("NEURON_RUNTIME_DIR", site.runtime().toString());
            isExitThreeWithNothingOnStdout(
                    ProgramProcess.command(
                                    environment,
                                    group.around(List.of(Programs.tpctl(), "up", "-d", "--communicator", "loopback")))
                            .closeStdin(),
                    "pids.max");
        }
    }

    /** Its daemon has what its own threads leave, and says what is missing. */
    @ParameterizedTest
    @ValueSource(ints = {16, 20})
    void benchDaemonUnderALimitOnProcessesTellsWhatItsDaemonSays(int processes) throws Exception {
        try (ProcessesGroup group = ProcessesGroup.of(processes);
                ProgramProcess bench = ProgramProcess.command(
                                Map.of(), group.around(List.of(Programs.tpctl(), "bench", "daemon")))
                        .closeStdin()) {
            assertThat(bench.exitCode()).as(bench.stderr()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(bench.stderr()).contains("pids.max");
        }
    }

    /** Where xargs cannot fork, its words are not at fault. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void ciJudgeUnderALimitOnProcessesIsNoUsage(int processes) throws Exception {
        try (ProcessesGroup group = ProcessesGroup.of(processes)) {
            Map<String, String> environment = Map.of(
                    "JUDGE_COMMAND",
                    Programs.neuron(),
                    "JUDGE_REPORT",
                    site.folder().resolve("wire").toString());
            String judge = Programs.root().resolve("bin/ci-judge").toString();
            isExitThreeWithNothingOnStdout(
                    ProgramProcess.command(environment, group.around(List.of(judge)))
                            .closeStdin(),
                    "annot fork");
        }
    }

    /** The JVM would write a report of its end into whatever folder somebody works in. */
    @Test
    void whatTheDataSegmentIsTooSmallForLeavesNoFile() throws IOException {
        Files.createDirectories(site.runtime());
        String script = "cd \"$NEURON_RUNTIME_DIR\" && exec \"$0\" ls";
        isExitThreeWithNothingOnStdout(limited("-d 200000", script), "-d 200000");
        assertThat(site.runtime()).isEmptyDirectory();
    }

    /** It would make folders and files that their owner cannot use: root alone can. */
    @ParameterizedTest
    @ValueSource(strings = {"0777", "0277"})
    void aUmaskThatForbidsTheOwnerDoesNotMatter(String umask) throws IOException {
        String script = "umask " + umask + "; \"$0\" up -d --communicator loopback >&2 && "
                + "find \"$NEURON_RUNTIME_DIR\" -printf '%m %f\\n' && \"$0\" shutdown --all --yes >&2";
        try (ProgramProcess all = limited("-c 0", script)) {
            assertThat(all.exitCode()).as(all.stderr()).isZero();
            assertThat(all.stdout()).hasSizeGreaterThan(2).allMatch(line -> line.matches("700 [^.]*|600 .*"));
        }
        site.awaitNothingLeft();
    }

    /** As a script has it that must not be ended itself; the JVM would take it over, and so would all that it starts. */
    @Test
    void aSigtermThatTheCallerIgnoresEndsTheDaemonAllTheSame() throws IOException {
        String script = "trap '' TERM; id=$(\"$0\" up -d --communicator loopback) && \"$0\" shutdown \"$id\" >&2";
        try (ProgramProcess all = limited("-c 0", script)) {
            assertThat(all.exitCode()).as(all.stderr()).isZero();
        }
        site.awaitNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-such-option", "-Xmx1", "-XX:NoSuchFlag=1", "-agentlib:nothing"})
    void aWrongOptionForTheJvmIsNoOutput(String option) {
        Map<String, String> environment = Map.of("NEURON_JAVA_OPTS", option);
        for (List<String> command : List.of(
                List.of(Programs.tpctl(), "ls"),
                List.of(Programs.tpctl(), "up", "-d"),
                List.of(Programs.neuron(), "--port", "0"))) {
            try (ProgramProcess program = ProgramProcess.command(environment, command)) {
                assertThat(program.exitCode()).isIn(1, ExitCode.COULD_NOT_RUN);
                assertThat(program.stdout()).isEmpty();
                assertThat(program.stderr()).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xrs", "-Xss1m -XX:+ReduceSignalUsage"})
    void anOptionThatTakesTheSignalsAwayIsRefused(String option) {
        Map<String, String> environment = Map.of("NEURON_JAVA_OPTS", option);
        for (List<String> command :
                List.of(List.of(Programs.tpctl(), "up", "-d"), List.of(Programs.neuron(), "--port", "0"))) {
            isExitThreeWithNothingOnStdout(ProgramProcess.command(environment, command), "sees no SIGTERM");
        }
    }

    @Test
    void proxiesAndOptionsForOtherJavaProgramsDoNotMatter() throws Exception {
        String id = site.up();
        Map<String, String> environment = new HashMap<>();
        for (String proxy : List.of(
                "http_proxy",
                "https_proxy",
                "all_proxy",
                "ftp_proxy",
                "HTTP_PROXY",
                "HTTPS_PROXY",
                "ALL_PROXY",
                "FTP_PROXY")) {
            environment.put(proxy, "http://127.0.0.1:1");
        }
        for (String options : List.of(
                "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JAVA_OPTS", "JVM_OPTS", "MAVEN_OPTS")) {
            environment.put(options, "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=1 -DsocksProxyHost=127.0.0.1");
        }
        environment.put("NEURON_RUNTIME_DIR", site.runtime().toString());
        try (ProgramProcess ping = ProgramProcess.tpctl(environment, "ping", id)) {
            assertThat(ping.exitCode()).as(ping.stderr()).isZero();
            assertThat(ping.stderr()).doesNotContain("Picked up");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 16, 20, 30})
    void tooFewDescriptorsAreExitThreeAndNamed(int descriptors) {
        String limit = "-n " + descriptors;
        String said = "ulimit -n is " + descriptors;
        isExitThreeWithNothingOnStdout(limited(limit, "exec \"$0\" ls"), said);
        isExitThreeWithNothingOnStdout(limited(limit, "exec \"$0\" up -d"), said);
        isExitThreeWithNothingOnStdout(limited(limit, "exec \"$1\" --port 0"), said);
    }

    /** Its process runs here, and its address leads elsewhere. */
    @Test
    void aDaemonInAnotherNetworkNamespaceIsNotToBeEnded() throws Exception {
        assumeTrue(Programs.runs(List.of("unshare", "--net", "true")), "SKIPPED: this user may not make namespaces");
        site.up();
        List<String> command = List.of("unshare", "--net", Programs.tpctl(), "ls");
        Map<String, String> environment =
                Map.of("NEURON_RUNTIME_DIR", site.runtime().toString());
        try (ProgramProcess ls = ProgramProcess.command(environment, command)) {
            assertThat(ls.exitCode()).as(ls.stderr()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(ls.stderr())
                    .contains("listens in another network namespace", "nsenter --net=/proc/")
                    .doesNotContain("kill");
        }
    }

    /** The kernel says nothing of it then: each packet is lost. */
    @Test
    void upNamesAnInterfaceThatIsDownAndNoProcessThatItHasEnded() throws Exception {
        assumeTrue(
                Programs.runs(List.of("unshare", "--net", "ip", "link", "set", "lo", "up")),
                "SKIPPED: no namespaces, or no ip");
        String script = "ip link set lo up; ip link set lo down; exec \"$0\" up -d --communicator loopback -n 1";
        List<String> command = List.of("unshare", "--net", "sh", "-c", script, Programs.tpctl());
        Map<String, String> environment =
                Map.of("NEURON_RUNTIME_DIR", site.runtime().toString());
        try (ProgramProcess up = ProgramProcess.command(environment, command)) {
            assertThat(up.exitCode()).as(up.stderr()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(up.stderr())
                    .contains("The daemon that was started is ended again", "ip addr")
                    .doesNotContain("kill", "its log");
        }
    }

    /** As those of a CI runner that keeps its own open in all that it starts. */
    @Test
    void descriptorsThatAreInheritedAreTakenAlready() {
        // Not every sh can open a descriptor of two digits; bash can.
        String inherit = "exec bash -c 'for i in {20..390}; do eval \"exec $i</dev/null\"; done; exec \"$0\" \"$@\"' ";
        String said = "ulimit -n is 400, of which 3";
        isExitThreeWithNothingOnStdout(limited("-n 400", inherit + "\"$0\" ls"), said);
        isExitThreeWithNothingOnStdout(limited("-n 400", inherit + "\"$1\" --port 0"), said);
    }

    /** The shell cannot read another file then. */
    @Test
    void whereTheShellHasNoDescriptorForItsFilesNothingStarts() {
        isExitThreeWithNothingOnStdout(limited("-n 11", "exec dash \"$0\" ls"), "Too many open files");
        isExitThreeWithNothingOnStdout(limited("-n 11", "exec dash \"$1\" --port 0"), "Too many open files");
    }

    @Test
    void aLauncherWithoutItsOtherFilesIsExitThreeAndNamesThem() throws IOException {
        Path root = site.folder().resolve("alone");
        Files.createDirectories(root.resolve("bin"));
        for (String program : List.of(Programs.tpctl(), Programs.neuron())) {
            Path alone = root.resolve("bin").resolve(Path.of(program).getFileName());
            Files.copy(Path.of(program), alone, StandardCopyOption.COPY_ATTRIBUTES);
            isExitThreeWithNothingOnStdout(
                    ProgramProcess.command(Map.of(), List.of(alone.toString(), "--worker")), "bin/common.sh");
        }
    }

    /** Each ends, and says why where it is too little: for the pool, for its worker, or for the connection of a rank. */
    @ParameterizedTest
    @ValueSource(ints = {8, 12, 38, 40, 42, 43, 44, 46, 48, 49, 50})
    void fewDescriptorsHangNothing(int descriptors) {
        for (String script : List.of("exec \"$0\" ls", "exec \"$0\" demo --size 2", "exec \"$1\" --print-config")) {
            try (ProgramProcess program = limited("-n " + descriptors, script)) {
                int code = program.exitCode();
                assertThat(code == 0 || !program.stderr().isEmpty())
                        .as("code %s of %s with %s", code, script, descriptors)
                        .isTrue();
            }
        }
    }

    @Test
    void aColonInThePathOfTheCheckoutIsNoSeparator() throws IOException {
        Path root = site.folder().resolve("a:b");
        copy("bin", root);
        for (String module : List.of("worker", "ops-cli")) {
            copy(module + "/target/app/lib", root);
        }
        List<String> command = List.of(root.resolve("bin/tpctl").toString(), "demo", "--size", "2");
        try (ProgramProcess demo = ProgramProcess.command(Map.of(), command)) {
            assertThat(demo.exitCode()).as(demo.stderr()).isZero();
            assertThat(String.join("\n", demo.stdout())).contains("Done in");
        }
    }

    private static void copy(String folder, Path root) throws IOException {
        Path to = Files.createDirectories(root.resolve(folder));
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(Programs.root().resolve(folder))) {
            for (Path file : files) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
    }
}
