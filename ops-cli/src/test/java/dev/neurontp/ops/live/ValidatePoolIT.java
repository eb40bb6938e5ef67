package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.ops.CommandResult;
import dev.neurontp.testing.Signals;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code tpctl validate POOL}: a pool of a real daemon, validated where it is. */
@Tag("long")
class ValidatePoolIT {
    private static final String CTRL_C = "\u0003";

    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    private static String[] validation(String... more) {
        List<String> words = new ArrayList<>(
                List.of("validate", "--datatype", "float,int64", "-e", "4K", "--iters", "2", "-w", "1"));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private CommandResult validate(String... more) throws Exception {
        return site.tpctl(validation(more));
    }

    private String joined(String... more) throws Exception {
        String id = site.up(more);
        site.tpctl("init");
        return id;
    }

    @Test
    void aJoinedPoolIsValidatedInPlaceAndStaysJoined() throws Exception {
        String id = site.up("-n", "3");
        CommandResult early = validate(id);
        assertThat(early.code()).as(early.all()).isEqualTo(ExitCode.FAILED);
        assertThat(early.err()).contains("is ready", "tpctl init " + id);
        site.tpctl("init");
        CommandResult run = validate(id);
        assertThat(run.code()).as(run.all()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .startsWith("SIMULATED")
                .contains(
                        "PASSED (SIMULATED",
                        "pool " + id + " stays joined",
                        "all_reduce",
                        "free memory is not written");
        assertThat(site.tpctl("sanity").out()).contains("every rank adds up to 3, as it must");
        assertThat(site.tpctl("events", id).out())
                .as("what changes nothing is no event")
                .doesNotContain("collective");
    }

    @Test
    void whatIsOfAPoolThatIsStartedIsRefused() throws Exception {
        String id = site.up();
        for (String[] options : List.of(
                new String[] {id, "-n", "2"}, new String[] {id, "--", "neuron"}, new String[] {id, "another"})) {
            CommandResult run = validate(options);
            assertThat(run.code()).as(run.all()).isEqualTo(ExitCode.USAGE);
        }
    }

    /** In a terminal, as a person does it, and in the middle of hours. */
    @Test
    void ctrlCEndsTheRunAndLeavesThePoolJoined() throws Exception {
        String id = joined();
        LiveDaemonFixture.Live run = site.inATerminal(validation(id, "--burn", "2h", "--collectives", "sendrecv"))
                .awaiting("bandwidth/");

        run.type(CTRL_C);
        CommandResult ended = run.end();

        assertThat(ended.code()).as(ended.all()).isEqualTo(130);
        assertThat(ended.out()).contains("INTERRUPTED", "pool " + id).doesNotContain("FAIL");
        assertThat(site.tpctl("status", id).out()).contains("joined");
        assertThat(site.tpctl("sanity").out()).contains("every rank adds up to 2, as it must");
    }

    @Test
    void aBurnInRunsInPlaceAndThePoolStaysJoined() throws Exception {
        String id = joined();
        CommandResult run = validate(id, "--burn", "1s", "--collectives", "sendrecv");

        assertThat(run.code()).as(run.all()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .containsPattern("[1-9][0-9]* cycles? with [1-9]")
                .contains("pool " + id + " stays joined", "PASSED (SIMULATED");
        assertThat(site.tpctl("sanity").out()).contains("every rank adds up to 2, as it must");
    }

    /** As everywhere, it costs the pool; another one is not started. */
    @Test
    void aCollectiveThatHangsEndsAtItsDeadlineAndIsOfItsRank() throws Exception {
        site.with("NEURON_LOOPBACK_FAULT", "rank=1,at=collective,do=hang");
        String id = joined("-n", "3");
        CommandResult run = validate(id, "--timeout", "1s");

        assertThat(run.code()).as(run.all()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .contains("the group was lost", "rank 1", "pool " + id + " is as this run left it")
                .doesNotContain("all ranks again");
        assertThat(site.tpctl("status", id).out()).contains("failed");
    }

    /** Hours of right cases, and maybe wrong ones, are not thrown away with it. */
    @Test
    void whereTheDaemonDiesWhatWasFoundIsReported() throws Exception {
        String id = joined();
        Path report = site.folder().resolve("report");
        Files.createDirectories(report);
        Files.writeString(report.resolve("report.json"), "PASSED");
        LiveDaemonFixture.Live run = site.inATerminal(
                        validation(id, "--burn", "2h", "--collectives", "sendrecv", "--report", report.toString()))
                .awaiting("bandwidth/");
        assertThat(report.resolve("report.json")).doesNotExist();
        site.daemons().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));

        CommandResult ended = run.end();

        assertThat(ended.code()).as(ended.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ended.out())
                .contains("UNREACHABLE (SIMULATED", "tpctl validate: the daemon at ", "ended while it was asked");
        assertThat(report.resolve("report.json")).content().contains("\"exit_code\" : 3", "UNREACHABLE");
        assertThat(report.resolve("junit.xml")).content().contains("errors=\"1\"");
    }

    @Test
    void aPoolThatIsBusyIsLeftAlone() throws Exception {
        String id = joined();
        long stopped = site.pid(1);
        Signals.send("STOP", stopped);
        try {
            LiveDaemonFixture.Live sanity = site.start("sanity", id);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> site.call("status", id, "-o", "json").out().contains("\"busy\":{"));
            CommandResult run = validate(id);

            assertThat(run.code()).as(run.all()).isEqualTo(ExitCode.TIMED_OUT);
            assertThat(run.err()).contains("pool " + id + " is busy: ", "Try again when it is idle");
            assertThat(run.out()).isEmpty();
            Signals.send("CONT", stopped);
            assertThat(sanity.end().code()).isEqualTo(ExitCode.OK);
        } finally {
            Signals.send("CONT", stopped);
        }
    }
}
