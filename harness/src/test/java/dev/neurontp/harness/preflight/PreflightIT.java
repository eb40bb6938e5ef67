package dev.neurontp.harness.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.launch.Launcher;
import dev.neurontp.harness.launch.Place;
import dev.neurontp.harness.launch.Placement;
import dev.neurontp.harness.preflight.Finding.Check;
import dev.neurontp.harness.preflight.Finding.Verdict;
import dev.neurontp.harness.process.LeaderMark;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.Communicators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a look at hosts finds, with real launchers that are shell scripts and this host as each of the hosts. */
@Tag("long")
class PreflightIT {
    private static final String NCCL = "nccl";
    private static final String LOOPBACK = "loopback";

    @TempDir
    Path folder;

    @Test
    void aHostOnWhichAllIsAsItShouldBeIsReachedOnceAndAllAtOnce() throws Exception {
        Path started = folder.resolve("started");
        Place place = place("a", "127.0.0.1", shell("echo x >>" + started + "; exec \"$@\""), Map.of());
        List<HostFindings> found = run(LOOPBACK, List.of(place, place, at("b", place)), List.of(0L, 1L, 0L));
        assertThat(found).extracting(HostFindings::host).containsExactly("a", "b");
        assertThat(found)
                .allSatisfy(host -> assertThat(host.findings())
                        .hasSize(Check.values().length)
                        .allMatch(finding -> finding.verdict() == Verdict.OK || finding.verdict() == Verdict.SKIP));
        assertThat(Files.readAllLines(started)).hasSize(2);
    }

    @Test
    void manyHostsAreReachedAllAtOnce() throws Exception {
        Launcher launcher = shell("exec \"$@\"");
        List<Place> places = IntStream.range(0, 24)
                .mapToObj(i -> place("h" + i, "127.0.0.1", launcher, Map.of()))
                .toList();
        assertThat(run(LOOPBACK, places, Collections.nCopies(places.size(), 0L)))
                .hasSize(24)
                .noneMatch(HostFindings::failed);
    }

    @Test
    void aStartFileThatSpeaksOrReadsIsTold() throws Exception {
        HostFindings noisy = one(LOOPBACK, shell("echo Welcome to gpu-cluster; exec \"$@\""));
        assertThat(noisy.failed()).isTrue();
        assertThat(of(noisy, Check.STDOUT).text()).isEqualTo("h prints 'Welcome to gpu-cluster' before the worker");
        assertThat(of(noisy, Check.STDOUT).remedy()).contains("start file");
        assertThat(of(noisy, Check.STDIN).verdict()).isEqualTo(Verdict.OK);

        HostFindings eaten = one(LOOPBACK, shell("read -r line; exec \"$@\" </dev/null"));
        assertThat(of(eaten, Check.STDIN).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(of(eaten, Check.STDIN).text()).isEqualTo("what was sent did not arrive");
    }

    /** However much it is: in one line or in many, and on stderr, where an agent's records are found among other words. */
    @ParameterizedTest
    @CsvSource({"70001", "1000000"})
    void aStartFileThatPrintsMuchIsToldAsOneThatPrints(int bytes) throws Exception {
        for (String much : List.of("head -c " + bytes + " /dev/zero | tr '\\0' x", "yes noise | head -c " + bytes)) {
            HostFindings noisy = one(LOOPBACK, shell(much + "; exec \"$@\""));
            assertThat(noisy.findings()).as(much).hasSize(Check.values().length);
            assertThat(of(noisy, Check.STDOUT).verdict()).isEqualTo(Verdict.FAIL);
            assertThat(of(noisy, Check.STDOUT).text())
                    .matches("(?s)h prints '(x{20}|noise noise).*' before the worker");
            assertThat(of(noisy, Check.PROGRAM).verdict()).isEqualTo(Verdict.OK);

            HostFindings loud = one(LOOPBACK, shell("{ " + much + "; } >&2; exec \"$@\""));
            assertThat(of(loud, Check.STDERR).verdict()).as(much).isEqualTo(Verdict.OK);
        }
    }

    /** An agent's records go over it, so a pool would hear nothing of its ranks. */
    @Test
    void aStderrThatDoesNotComeBackIsTold() throws Exception {
        HostFindings silent = one(LOOPBACK, shell("exec \"$@\" 2>/dev/null"));
        assertThat(silent.failed()).isTrue();
        assertThat(of(silent, Check.STDERR).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(of(silent, Check.STDERR).remedy()).contains("2>");
        assertThat(of(one(LOOPBACK, shell("exec \"$@\"")), Check.STDERR).verdict())
                .isEqualTo(Verdict.OK);
    }

    /** No shell's start file is between Slurm or an engine of containers and what they start. */
    @Test
    void theRemedyIsThatOfTheLauncher() throws Exception {
        assertThat(remedy("srun", "echo hello; exec \"$@\"", Check.STDOUT)).contains("TaskProlog", "SLURM_LABELIO");
        assertThat(remedy("srun", "exec \"$@\" </dev/null", Check.STDIN)).contains("SLURM_STDINMODE");
        assertThat(remedy("srun", "exec \"$@\" 2>/dev/null", Check.STDERR)).contains("SLURM_STDERRMODE");
        assertThat(remedy("srun", "echo 'srun: error: Socket timed out' >&2; exit 1", Check.REACHABLE))
                .contains("scontrol ping");
        assertThat(remedy("podman", "echo 'Error: crun: no' >&2; exit 126", Check.PROGRAM))
                .contains("engine");
        assertThat(remedy("docker", "exec \"$@\" 2>&1", Check.STDERR)).contains("--tty");
    }

    private String remedy(String program, String script, Check check) throws Exception {
        Path file = Files.createDirectories(folder.resolve(script.hashCode() + program))
                .resolve(program);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        Launcher launcher = new Launcher(
                "l",
                List.of(file.toString()),
                false,
                Set.of(),
                List.of(Programs.neuron()),
                Map.of("JAVA_HOME", System.getProperty("java.home")));
        Finding found = of(one(LOOPBACK, launcher), check);
        assertThat(found.verdict()).isEqualTo(Verdict.FAIL);
        return found.remedy();
    }

    @Test
    void aHostThatIsNotReachedAndAProgramThatIsNotThereAreTwoThings() throws Exception {
        HostFindings missing = one(
                LOOPBACK,
                new Launcher(
                        "l",
                        List.of("sh", "-c", "\"$@\"", "--"),
                        false,
                        Set.of(),
                        List.of("/no/such/neuron"),
                        Map.of()));
        assertThat(missing.findings()).hasSize(1);
        assertThat(of(missing, Check.PROGRAM).text()).contains("exit code 127", "/no/such/neuron");
        assertThat(of(missing, Check.PROGRAM).remedy()).contains("launchers.l.neuron");

        HostFindings refused = one(LOOPBACK, shell("echo 'root@h: Permission denied (publickey).' >&2; exit 255"));
        assertThat(refused.findings()).hasSize(1);
        assertThat(of(refused, Check.REACHABLE).text()).contains("exit code 255", "Permission denied");
        assertThat(of(refused, Check.REACHABLE).remedy()).contains("authorized_keys");
    }

    @Test
    void anotherVersionIsTold() throws Exception {
        HostFindings other = one(LOOPBACK, shell("\"$@\" | sed 's/\"version\":\"[^\"]*\"/\"version\":\"9.9.9\"/'"));
        assertThat(of(other, Check.VERSION).verdict()).isEqualTo(Verdict.FAIL);
        assertThat(of(other, Check.VERSION).text()).startsWith("neuron there is 9.9.9, here ");
    }

    @Test
    void devicesAreComparedWithThoseOfTheHost() throws Exception {
        Path bin = nvidiaSmi("0\n1");
        Map<String, String> path = Map.of("PATH", bin + ":" + System.getenv("PATH"));
        Launcher env = shell("exec \"$@\"");
        assertThat(of(
                                run(NCCL, List.of(place("h", "h", env, path)), List.of(1L))
                                        .getFirst(),
                                Check.DEVICES)
                        .verdict())
                .isEqualTo(Verdict.OK);
        Finding missing =
                of(run(NCCL, List.of(place("h", "h", env, path)), List.of(4L)).getFirst(), Check.DEVICES);
        assertThat(missing.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(missing.text()).isEqualTo("it has no GPU 4: a worker there sees 0 to 1");

        Map<String, String> visible = new HashMap<>(path);
        visible.put("CUDA_VISIBLE_DEVICES", "1");
        assertThat(of(
                                run(NCCL, List.of(place("h", "h", env, visible)), List.of(1L))
                                        .getFirst(),
                                Check.DEVICES)
                        .text())
                .endsWith("sees 0 to 0");
    }

    /** As docker does: each rank's container has its own device alone, as number 0, and the look is in that of the first rank. */
    @Test
    void devicesOfContainersThatWereNotLookedIntoAreNotKnown() throws Exception {
        Map<String, String> path = Map.of("PATH", nvidiaSmi("0") + ":" + System.getenv("PATH"));
        Launcher container = shell("exec \"$@\"").withGpus(List.of("{device}"));
        Place place = place("h", "h", container, path);
        Finding several =
                of(run(NCCL, List.of(place, place, place), List.of(4L, 5L, 7L)).getFirst(), Check.DEVICES);
        assertThat(several.verdict()).isEqualTo(Verdict.SKIP);
        assertThat(several.text())
                .isEqualTo(
                        "not known of GPU 5, 7: the look was in the container of one rank, which has its own GPU alone");
        assertThat(several.remedy()).contains("nvidia-smi -L");
        Finding single = of(run(NCCL, List.of(place), List.of(4L)).getFirst(), Check.DEVICES);
        assertThat(single.verdict()).isEqualTo(Verdict.OK);
        Map<String, String> none = Map.of("PATH", program("exit 0") + ":" + System.getenv("PATH"));
        Place without = place("h", "h", container, none);
        assertThat(of(run(NCCL, List.of(without, without), List.of(4L, 5L)).getFirst(), Check.DEVICES)
                        .text())
                .isEqualTo("it has no GPU 0: a worker there sees none");
    }

    @Test
    void anAddressThatTheHostDoesNotHaveStopsOnlyWhoWouldListenThere() throws Exception {
        Place elsewhere = place("h", "192.0.2.7", shell("exec \"$@\""), Map.of());
        Finding loopback = of(run(LOOPBACK, List.of(elsewhere), List.of(0L)).getFirst(), Check.ADDRESS);
        assertThat(loopback.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(loopback.text()).contains("does not have the address 192.0.2.7");
        assertThat(loopback.remedy()).contains("hosts.h.address");
        assertThat(of(run(NCCL, List.of(elsewhere), List.of(0L)).getFirst(), Check.ADDRESS)
                        .verdict())
                .isEqualTo(Verdict.WARN);
    }

    @Test
    void whatAnEndedLeaderHasLeftIsToldAndALivingOnesIsNot() throws Exception {
        String live = LeaderMark.ofThisProcess();
        String ended = live.replaceAll("_[0-9]+$", "_1");
        Process left = marked(ended);
        Process running = marked(live);
        try {
            Finding found = of(one(LOOPBACK, shell("exec \"$@\"")), Check.LEFTOVERS);
            assertThat(found.verdict()).isEqualTo(Verdict.WARN);
            assertThat(found.text()).contains("sleep (pid " + left.pid() + ")").doesNotContain("" + running.pid());
        } finally {
            left.destroyForcibly().waitFor();
            running.destroyForcibly().waitFor();
        }
    }

    /** As one that hangs in a driver which holds its memory map: whoever opens a FIFO waits as well. */
    @Test
    void aProcessWhoseEnvironmentCannotBeReadKeepsNoHostFromAnswering() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        Process held = new ProcessBuilder("sleep", "600").start();
        try {
            String over = "mount --bind " + fifo + " /proc/" + held.pid() + "/environ";
            List<String> own = List.of("unshare", "--mount", "sh", "-c");
            assumeTrue(
                    Programs.runs(Programs.concat(own, over)), "SKIPPED: this user may not mount anything over /proc");
            HostFindings found =
                    one(LOOPBACK, shell("exec unshare --mount sh -c '" + over + " && exec \"$@\"' sh \"$@\""));
            assertThat(of(found, Check.REACHABLE).verdict()).isEqualTo(Verdict.OK);
            assertThat(of(found, Check.LEFTOVERS).verdict()).isEqualTo(Verdict.SKIP);
            assertThat(of(found, Check.LEFTOVERS).text()).contains("did not let its environment be read within 4 s");
        } finally {
            held.destroyForcibly().waitFor();
        }
    }

    /** The look on a host has a heap of 16 MB: a program's output does not end it, and nothing of that program stays. */
    @Test
    void aProgramThatPrintsRubbishOrLeavesSomethingIsNotTheLaunchersFault() throws Exception {
        Path pid = folder.resolve("pid");
        String leaves = "setsid sh -c 'echo $$ >" + pid + ".tmp; mv " + pid + ".tmp " + pid
                + "; trap \"\" TERM HUP; sleep 600' & while [ ! -e " + pid + " ]; do sleep 0.01; done; ";
        Map<String, String> programs = Map.of(
                "yes '0, ' | tr -d '\\n' | head -c 3000000",
                "printed a line of another shape: '0, 0, ",
                "yes 0 | head -n 500000",
                "printed more than 4096 lines",
                // Whether its streams are seen to end depends on who is faster.
                leaves + "echo 0",
                "");
        for (Map.Entry<String, String> program : programs.entrySet()) {
            Path bin = program(program.getKey());
            Map<String, String> path = Map.of("PATH", bin + ":" + System.getenv("PATH"));
            HostFindings found = run(NCCL, List.of(place("h", "h", shell("exec \"$@\""), path)), List.of(0L))
                    .getFirst();
            assertThat(of(found, Check.PROGRAM).verdict()).isEqualTo(Verdict.OK);
            assertThat(of(found, Check.DEVICES).text()).contains(program.getValue());
        }
        long left = Long.parseLong(Files.readString(pid).strip());
        await().until(() ->
                ProcessHandle.of(left).filter(ProcessHandle::isAlive).isEmpty());
    }

    private static Process marked(String mark) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sleep", "600");
        builder.environment().put(LeaderMark.VARIABLE, mark);
        return builder.start();
    }

    private Path nvidiaSmi(String lines) throws IOException {
        return program("cat <<'E'\n" + lines + "\nE");
    }

    private Path program(String script) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path program = Files.writeString(bin.resolve("nvidia-smi"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return bin;
    }

    private static HostFindings one(String communicator, Launcher launcher) throws Exception {
        return run(communicator, List.of(place("h", "127.0.0.1", launcher, Map.of())), List.of(0L))
                .getFirst();
    }

    private static List<HostFindings> run(String communicator, List<Place> places, List<Long> devices)
            throws Exception {
        return new Preflight(
                        new Placement(new ArrayList<>(places), Duration.ofSeconds(15)),
                        devices,
                        Communicators.named("communicator", communicator))
                .run();
    }

    private static Finding of(HostFindings host, Check check) {
        return host.findings().stream()
                .filter(finding -> finding.check() == check)
                .findFirst()
                .orElseThrow(() -> new AssertionError(host.toString()));
    }

    private static Launcher shell(String script) {
        return new Launcher(
                "l",
                List.of("sh", "-c", script, "--"),
                false,
                Set.of(255),
                List.of(Programs.neuron()),
                Map.of("JAVA_HOME", System.getProperty("java.home")));
    }

    private static Place place(String host, String address, Launcher launcher, Map<String, String> environment) {
        return new Place(host, address, 0, launcher, environment);
    }

    private static Place at(String host, Place other) {
        return new Place(host, other.address(), 0, other.launcher(), other.environment());
    }
}
