package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What answers sends a stream that should end, as fast as it is read, without end. */
@Timeout(20)
class EndlessStreamTest {
    private static final String ID = "k3vd7q2m";
    private static final String COMMENT = ":\n";
    private static final String EVENT =
            "event: pool_state\ndata: {\"id\":\"1-1\",\"seq\":1,\"type\":\"pool_state\",\"pool\":\"k3vd7q2m\",\"state\":\"joined\"}\n\n";
    private static final String JOINED =
            Examples.failedPool(ID).replace("\"state\":\"failed\"", "\"state\":\"joined\"");
    /** Of 1 s; the rest is for a busy host. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    private static void flood(HttpExchange exchange, String part) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        byte[] parts = part.repeat(1000).getBytes(StandardCharsets.US_ASCII);
        try (OutputStream body = exchange.getResponseBody()) {
            while (true) {
                body.write(parts);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "comments, events k3vd7q2m, did not end its answer within 1.00 s of reading",
        "events, events k3vd7q2m, did not end its answer within 1.00 s of reading",
        "comments, events, did not end its answer within 1.00 s of reading",
        "events, events, did not end its answer within 1.00 s of reading",
        "comments, wait --for gone k3vd7q2m, is not gone after 1.00 s: it is joined",
        "events, wait --for gone k3vd7q2m, is not gone after 1.00 s: it is joined",
        "comments, describe k3vd7q2m, did not end its answer within 1.00 s of reading",
        "events, describe k3vd7q2m, did not end its answer within 1.00 s of reading",
    })
    void itHasTheTimeThatWasGiven(String what, String command, String words) {
        String part = what.equals("comments") ? COMMENT : EVENT;
        daemon.on("GET /pools/" + ID, 200, JOINED);
        daemon.on("GET /pools/" + ID + "/events", exchange -> flood(exchange, part));
        daemon.on("GET /events", exchange -> flood(exchange, part));
        long began = System.nanoTime();
        CommandResult ran = CommandResult.against(daemon, (command + " --timeout 1s").split(" "));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONGEST);
        assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(ran.err()).contains(words);
    }

    /** However long its time. */
    @Test
    @Tag("long")
    @Timeout(120)
    void itHasNoMoreEventsThanADaemonKeeps() {
        daemon.on("GET /events", exchange -> flood(exchange, "data:{\"type\":\"operation_started\"}\n\n"));
        CommandResult ran = CommandResult.against(daemon, "events", "--timeout", "2m");
        assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err()).contains("it has more events than the 1048576 that one keeps");
    }
}
