package dev.neurontp.harness.agent.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgentRecordFilterTest {
    private static final AgentRecord HELLO = new AgentRecord.Hello("t", 12, 34, 5);
    private static final AgentRecord END = new AgentRecord.End(
            "t", 137, "nothing \"was\" heard\\", true, List.of("sleep (pid 3)"), List.of("a\nb (pid 4)"));

    private final List<AgentRecord> taken = new ArrayList<>();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final AgentRecordFilter filter = new AgentRecordFilter(
            record -> !(record instanceof AgentRecord.Beat) && taken.add(record), text::writeBytes);

    @Test
    void everyRecordIsReadAsItWasWritten() {
        AgentRecord ready = new AgentRecord.Ready("gpu-1", "boot", "0.1.0");
        take(concat(AgentRecordWriter.bytes(ready), AgentRecordWriter.bytes(HELLO), AgentRecordWriter.bytes(END)));
        assertThat(taken).startsWith(ready, HELLO);
        assertThat(taken.getLast())
                .isEqualTo(new AgentRecord.End(
                        "t", 137, "nothing \"was\" heard\\", true, List.of("sleep (pid 3)"), List.of("a\\nb (pid 4)")));
        assertThat(text.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    /** A name of the kernel's has 15 bytes, and one that is no UTF-8 three times as many here. */
    @Test
    void theLongestRecordIsStillOne() {
        List<String> names = Collections.nCopies(32, "\uFFFD".repeat(15) + " (pid 4194304)");
        AgentRecord.End longest = new AgentRecord.End(
                "0123456789abcdef".repeat(2), 137, "\u0001".repeat(5000), true, names, names, "\u0001".repeat(5000));
        byte[] bytes = AgentRecordWriter.bytes(longest);
        assertThat(bytes.length).isLessThanOrEqualTo(AgentRecordWriter.MAX_BYTES);
        take(bytes);
        assertThat(taken).singleElement().isInstanceOfSatisfying(AgentRecord.End.class, end -> {
            assertThat(end.exit()).isEqualTo(137);
            assertThat(end.stillRunning().getLast()).endsWith(" more");
        });
        assertThat(text.size()).isZero();
    }

    @Test
    void aLineOfTheWorkerGoesOnBehindARecord() {
        take(concat(utf8("half a "), AgentRecordWriter.bytes(HELLO), utf8("line\n")));
        assertThat(taken).containsExactly(HELLO);
        assertThat(text.toString(StandardCharsets.UTF_8)).isEqualTo("half a line\n");
    }

    @Test
    void piecesOfOneByteMakeTheSame() {
        for (byte one : concat(utf8("a"), AgentRecordWriter.bytes(END), utf8("b\n"))) {
            filter.take(new byte[] {one}, 1);
        }
        filter.end();
        assertThat(taken).hasSize(1);
        assertThat(text.toString(StandardCharsets.UTF_8)).isEqualTo("ab\n");
    }

    @Test
    void aRecordThatIsNotTakenStaysText() {
        take(AgentRecordWriter.bytes(new AgentRecord.Beat("forged", 1)));
        assertThat(taken).isEmpty();
        assertThat(text.toString(StandardCharsets.UTF_8)).contains("forged");
    }

    @Test
    void halfARecordOfTheWorkerDoesNotSwallowTheAgents() {
        take(concat(utf8("\u001e{\"agent\":\"end\",\"exit\":0,"), AgentRecordWriter.bytes(HELLO)));
        assertThat(taken).containsExactly(HELLO);
    }

    @Test
    void whatIsLongerThanARecordIsText() {
        take(concat(utf8("\u001e" + "x".repeat(10_000) + "\n"), AgentRecordWriter.bytes(HELLO)));
        assertThat(taken).containsExactly(HELLO);
        assertThat(text.toString(StandardCharsets.UTF_8)).hasSize(10_002);
    }

    @Test
    void whatIsNoRecordIsText() {
        for (String wrong : List.of(
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"agent\":\"end\"}",
                "{\"agent\":\"hello\",\"pid\":1}",
                "{\"agent\":\"hello\",\"pid\":99999999999999999999,\"start_ticks\":1}",
                "{\"agent\":\"hello\",\"pid\":0,\"start_ticks\":1}",
                "{\"agent\":\"hello\",\"pid\":-1,\"start_ticks\":1}",
                "{\"agent\":\"hello\",\"pid\":4194305,\"start_ticks\":1}",
                "{\"agent\":\"hello\",\"pid\":1,\"start_ticks\":-1}",
                "{\"agent\":\"hello\",\"pid\":1,\"start_ticks\":1,\"agent_pid\":-1}",
                "{\"agent\":\"hello\",\"pid\":1,\"start_ticks\":1,\"agent_pid\":4194305}",
                "{\"agent\":\"beat\",\"rss_bytes\":-1}",
                "{\"agent\":\"end\",\"exit\":256}",
                "{\"agent\":\"end\",\"exit\":-1}",
                "{\"agent\":\"end\",\"exit\":9999999999}",
                "{\"agent\":\"end\",\"exit\":0}{}")) {
            take(utf8("\u001e" + wrong + "\n"));
        }
        assertThat(taken).isEmpty();
    }

    @Test
    void theLastNumbersOfAHostAreRead() {
        AgentRecord last = new AgentRecord.Hello("t", 1 << 22, Long.MAX_VALUE, 1 << 22);
        AgentRecord first = new AgentRecord.Hello("t", 1, 0, 0);
        AgentRecord end = new AgentRecord.End("t", 255, "", false, List.of(), List.of());
        take(concat(AgentRecordWriter.bytes(last), AgentRecordWriter.bytes(first), AgentRecordWriter.bytes(end)));
        assertThat(taken).containsExactly(last, first, end);
    }

    @Test
    void aNewerAgentMaySayMore() {
        take(utf8("\u001e{\"agent\":\"end\",\"exit\":0,\"more\":{\"a\":[1,{}]},\"oom_kill\":null,\"token\":\"t\"}\n"));
        assertThat(taken).containsExactly(new AgentRecord.End("t", 0, "", false, List.of(), List.of()));
    }

    @Test
    void theLongestRecordFitsIntoOneWriteOfAPipe() {
        List<String> many = IntStream.range(0, 500)
                .mapToObj(i -> "\"".repeat(15) + " (pid 4194304)")
                .toList();
        byte[] bytes =
                AgentRecordWriter.bytes(new AgentRecord.End("0".repeat(32), 137, "x".repeat(100), true, many, many));
        assertThat(bytes).hasSizeLessThanOrEqualTo(AgentRecordWriter.MAX_BYTES);
        take(bytes);
        assertThat(taken).hasSize(1);
    }

    private void take(byte[] bytes) {
        filter.take(bytes, bytes.length);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
