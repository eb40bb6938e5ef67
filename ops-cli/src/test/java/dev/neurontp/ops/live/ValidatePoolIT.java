package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.CommandResult;
import dev.neurontp.worker.os.ExitCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code tpctl validate POOL}: a pool of a real daemon, validated where it is. */
class ValidatePoolIT {
    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    private CommandResult validate(String... more) throws Exception {
        List<String> words = new ArrayList<>(
                List.of("validate", "--datatype", "float,int64", "-e", "4K", "--iters", "2", "-w", "1"));
        words.addAll(List.of(more));
        return site.tpctl(words.toArray(String[]::new));
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
}
