package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.harness.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of a process that should say a comm_id. */
class CommIdAnswerTest {
    private static final String ID = "0123456789abcdefABCDEF0123456789".repeat(8);

    private WorkerProcess maker;

    private String answer(String script) throws Exception {
        return answer(script, Duration.ofSeconds(20));
    }

    private String answer(String script, Duration limit) throws Exception {
        maker = new WorkerProcess(0, ChildProcess.start(new ProcessBuilder("sh", "-c", script)), (_, _) -> {});
        maker.listenToStderr();
        return new CommIdAnswer(maker).await(Deadline.in(limit));
    }

    @AfterEach
    void end() throws InterruptedException {
        maker.kill(Deadline.in(Duration.ofSeconds(20)));
        maker.closePipes();
    }

    @Test
    void itIsTheFirstLineAfterEmptyOnes() throws Exception {
        assertThat(answer("echo; echo ' " + ID + "\r'; echo more; read x")).isEqualTo(ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Loading module", "0123", "ID0", "gID"})
    void anyOtherLineIsToldWithItsProcess(String words) {
        String line = words.replace("ID", ID);
        assertThatThrownBy(() -> answer("echo '" + line + "'; read x"))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "neuron --comm-id \\(pid " + maker.identity().pid() + "\\) printed '" + line.substring(0, 4)
                                + ".*' where a comm_id should be: the first line of its stdout must be 256 hex digits, .*");
    }

    @Test
    void aFloodOfControlCharactersIsOneShortLine() {
        assertThatThrownBy(() -> answer("printf '\\033[2J\\r%0999d' 0; read x"))
                .isInstanceOf(IOException.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .contains("printed '?[2J?000")
                        .doesNotContainPattern("\\p{Cntrl}")
                        .hasSizeLessThan(400));
    }

    @Test
    void howItEndedIsToldAsItsOwnEnd() {
        assertThatThrownBy(() -> answer("echo 'no such file' >&2; exit 7"))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "neuron --comm-id \\(pid " + maker.identity().pid()
                                + "\\) said no line within .*; the end of that process: exit 7; its last words: no such file");
    }

    @Test
    void aShellThatTheHostGaveNoProcessIsToldWithTheLimit() {
        assertThatThrownBy(() -> answer("echo '/opt/neuron: 18: Cannot fork' >&2; exit 2"))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        ".*; the end of that process: exit 2; the host's limit on processes and threads is reached"
                                + " \\(ulimit -u is .*\\). Raise the limit or end other processes; its last words: .*: Cannot fork");
    }

    /** As where an agent, or who started it, has not said that it has ended. */
    @Test
    void theLimitIsToldAlsoWhereNoEndIsKnown() {
        assertThatThrownBy(() -> answer("echo '/opt/neuron: 21: Cannot fork' >&2; read x", Duration.ofSeconds(2)))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        ".* said no line within [^;]*; the host's limit on processes and threads is reached"
                                + " \\(ulimit -u is .*\\). Raise the limit or end other processes; its last words: .*: Cannot fork");
    }
}
