package dev.neurontp.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.json.JsonFault;
import dev.neurontp.conformance.json.JsonValue.JsonObject;
import dev.neurontp.conformance.json.StrictJson;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class OutputQueueTest {

    private static final int MIB = 1 << 20;

    private final OutputQueue queue = new OutputQueue();

    /** A worker may say gigabytes while nobody listens: its pipe fills then, as that of one who says many small things. */
    @Test
    void whatWaitsIsBoundedByItsSizeAndNothingIsLost() throws InterruptedException {
        Thread reader = talker(100, "\"" + "x".repeat(MIB) + "\"");
        assertThat(allOf(reader, 100)).isBetween(1, 50);
    }

    /** Each value of a reply takes many times the two bytes of its text. */
    @Test
    void manySmallValuesWeighWhatTheyTake() throws InterruptedException {
        Thread reader = talker(100, "[" + "1,".repeat(100_000) + "1]");
        assertThat(allOf(reader, 100)).isBetween(1, 10);
    }

    @Test
    void whatWaitsIsBoundedByItsNumber() throws InterruptedException {
        Thread reader = talker(60_000, "1");
        assertThat(allOf(reader, 60_000)).isLessThanOrEqualTo(50_000);
    }

    /** The longest line that is read is larger than all that may wait. */
    @Test
    void oneAloneMayBeOfAnySize() throws Exception {
        queue.put(reply("\"" + "x".repeat(17 * MIB) + "\""));
        assertThat(queue.poll(1)).isNotNull();
    }

    @Test
    void theEndIsTakenWhateverWaits() throws InterruptedException {
        Thread reader = talker(100, "\"" + "x".repeat(MIB) + "\"");
        Awaitility.await().until(() -> reader.getState() == Thread.State.WAITING);
        queue.end(new Output.End(7));
        assertThat(queue.poll(1)).isEqualTo(new Output.End(7));
        reader.interrupt();
        reader.join();
    }

    /** How many waited while nobody took them; all come. */
    private int allOf(Thread reader, int replies) throws InterruptedException {
        Awaitility.await().until(() -> reader.getState() == Thread.State.WAITING);
        int waiting = queue.size();
        for (int i = 0; i < replies; i++) {
            assertThat(queue.poll(Long.MAX_VALUE)).isInstanceOf(Output.Reply.class);
        }
        reader.join();
        assertThat(queue.poll(1)).isNull();
        return waiting;
    }

    private Thread talker(int replies, String value) {
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                for (int i = 0; i < replies; i++) {
                    queue.put(reply(value));
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (JsonFault e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static Output.Reply reply(String value) throws JsonFault {
        String text = "{\"op\":\"pong\",\"x\":" + value + "}";
        StrictJson.Reading reading = StrictJson.read(text);
        return new Output.Reply(
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                (JsonObject) reading.value(),
                reading.values(),
                Set.of(),
                0);
    }
}
