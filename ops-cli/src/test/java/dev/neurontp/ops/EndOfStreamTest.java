package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.os.ExitCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stream that ends in good order without its last word, as behind a proxy that has had enough of it. */
@Timeout(60)
class EndOfStreamTest {
    private static final String ID = "k3vd7q2m";

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    private static String event(String type) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\",\"time\":\"2026-03-01T09:30:00.000Z\"}\n\n";
    }

    @ParameterizedTest
    @CsvSource({
        "events -f, /events, rank_state, 3",
        "events -f, /events, daemon_stopping, 0",
        "events, /events, rank_state, 0",
        "events -f k3vd7q2m, /pools/k3vd7q2m/events, pool_state, 3",
        "events -f k3vd7q2m, /pools/k3vd7q2m/events, pool_forgotten, 0",
        "events k3vd7q2m, /pools/k3vd7q2m/events, pool_state, 0"
    })
    void whoFollowsEventsIsToldWhereTheyBreakOff(String command, String path, String last, int code) {
        daemon.streaming("GET " + path, event("pool_created") + event(last));
        CommandResult ran = CommandResult.against(daemon, command.split(" "));
        assertThat(ran.code()).as(ran.all()).isEqualTo(code);
        assertThat(ran.err().contains("ended the stream, and did not say that it stops"))
                .isEqualTo(code != 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "events;/events",
                "events -f;/events",
                "events k3vd7q2m;/pools/k3vd7q2m/events",
                "logs -f k3vd7q2m;/pools/k3vd7q2m/logs"
            })
    void whatEndsInTheMiddleIsNotWhole(String command, String path) {
        String whole = ": listening\n\n" + event("pool_created");
        for (String part : List.of("", whole + "id: i-2\n", whole + "data: {\"type\":\"x\"}\n", whole + "da")) {
            daemon.on("GET " + path, exchange -> {
                exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(part.getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().close();
            });
            CommandResult ran = CommandResult.against(daemon, command.split(" "));
            assertThat(ran.code()).as(part + ran.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(ran.err())
                    .contains("its stream ended " + (part.isEmpty() ? "before anything came" : "inside an event"));
        }
    }

    @Test
    void theEndOfAStreamOfLinesIsNotThatOfThePool() {
        daemon.streaming("GET /pools/" + ID + "/logs", "event: lost\ndata: {\"count\":3}\n\n");
        CommandResult ran = CommandResult.against(daemon, "logs", "-f", ID);
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err())
                .contains("3 lines are missing here", "did not say that pool " + ID + " has ended")
                .doesNotContain("pool " + ID + " has ended: ");
    }
}
