package dev.neurontp.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.process.Output.Noise;
import dev.neurontp.conformance.process.Output.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class LineAssemblerTest {

    private final List<Output> out = new ArrayList<>();
    private static final int LONGEST = 1000;
    private final LineAssembler assembler = new LineAssembler(out::add, LONGEST, () -> false);

    @Test
    void aGoodLineHasNoDefect() {
        line("{\"op\":\"pong\"}");
        assertThat(reply().defects()).isEmpty();
        assertThat(reply().op()).contains("pong");
    }

    @Test
    void oddLinesAreReadAndTheirDefectIsNamed() {
        line("\ufeff{\"op\":\"pong\"}\r");
        assertThat(reply().defects()).isEqualTo(Set.of(FramingDefect.BOM, FramingDefect.CR));
    }

    @Test
    void aCarriageReturnInsideIsMoreThanWhiteSpace() {
        line("{\"op\":\r\"pong\"}");
        assertThat(reply().defects()).isEqualTo(Set.of(FramingDefect.CR_INSIDE, FramingDefect.WHITE_SPACE));
    }

    @Test
    void anObjectThatRunsOverLinesIsGivenUpWhereItIsTooLong() {
        line("{\"op\":[");
        line("1,".repeat(LONGEST));
        assertThat(out).singleElement().isInstanceOf(Output.Noise.class);
    }

    @Test
    void whiteSpaceAndDuplicatesAreNamed() {
        line("{\"op\": \"pong\",\"op\":1}");
        assertThat(reply().defects()).isEqualTo(Set.of(FramingDefect.WHITE_SPACE, FramingDefect.DUPLICATE));
    }

    @Test
    void bytesThatAreNotUtf8AreNamed() {
        assembler.line(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xff, '"', '}'}, true, 0);
        assertThat(reply().defects()).isEqualTo(Set.of(FramingDefect.NOT_UTF8));
    }

    /** A leader that reads strictly, as ours does, takes no such line for a reply. */
    @Test
    void halfACharacterIsNamedWhereverItStands() {
        line("{\"op\":\"error\",\"kind\":\"\\ude00\\ud83d\",\"message\":\"m\"}");
        assertThat(reply().defects()).isEqualTo(Set.of(FramingDefect.HALF_CHARACTER));
        out.clear();
        line("{\"op\":\"error\",\"kind\":\"k\",\"message\":\"\\ud83d\\ude00\"}");
        assertThat(reply().defects()).isEmpty();
    }

    /** As deep as is read, on a stack of the size that the reader of a worker has. */
    @Test
    void aReplyThatNestsDeepIsRead() throws InterruptedException {
        String nested = "{\"a\":[".repeat(255) + "1" + "]}".repeat(255);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread reader =
                new Thread(null, () -> line("{\"op\":\"pong\",\"x\":" + nested + "}"), "reader", Attendants.STACK);
        reader.setUncaughtExceptionHandler((_, e) -> thrown.set(e));
        reader.start();
        reader.join();
        assertThat(thrown.get()).isNull();
        assertThat(reply().defects()).isEmpty();
    }

    @Test
    void anObjectOverSeveralLinesIsOneReply() {
        line("{");
        line("  \"op\": \"pong\"");
        assertThat(out).isEmpty();
        line("}");
        assertThat(reply().defects()).isEqualTo(Set.of(FramingDefect.BROKEN_LINE));
    }

    @Test
    void aLogLineIsNoiseAndTheReplyAfterItIsRead() {
        line("INFO starting");
        line("{\"op\":\"pong\"}");
        assertThat(out.getFirst())
                .isInstanceOfSatisfying(
                        Noise.class, noise -> assertThat(noise.line()).isEqualTo("INFO starting"));
        assertThat(out.get(1)).isInstanceOf(Reply.class);
    }

    @Test
    void aLineCutShortByTheEndIsAReplyWithoutLf() {
        assembler.line("{\"op\":\"pong\"}".getBytes(StandardCharsets.UTF_8), false, 0);
        assertThat(reply().defects()).isEqualTo(Set.of(FramingDefect.NO_LF));
    }

    @Test
    void anObjectThatNeverEndsIsNoiseInTheEnd() {
        line("{\"op\":");
        assembler.end(3);
        assertThat(out).hasSize(2);
        assertThat(out.getFirst()).isInstanceOf(Noise.class);
    }

    private void line(String text) {
        assembler.line(text.getBytes(StandardCharsets.UTF_8), true, 0);
    }

    private Reply reply() {
        assertThat(out).hasSize(1);
        return (Reply) out.getFirst();
    }
}
