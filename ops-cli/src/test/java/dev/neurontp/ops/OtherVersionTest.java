package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.neurontp.harness.api.ApiVersion;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon of another version than this tpctl. */
class OtherVersionTest {
    private static final String ID = "k3vd7q2m";

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    private static void send(HttpExchange exchange, String version, int status, String body) throws IOException {
        exchange.getResponseHeaders().add(ApiVersion.HEADER, version);
        FakeDaemon.send(exchange, status, "application/json", body);
    }

    /** Whatever it answers: its shape may be another one. */
    @ParameterizedTest
    @CsvSource({
        "ls, 200, '{\"groups\":[]}'",
        "ls, 410, '{\"problem\":1}'",
        "ping " + ID + ", 200, '[]'",
        "events, 200, ''",
        "logs -f " + ID + ", 200, ''"
    })
    void ofAnotherApiItIsRefusedWithBothVersions(String command, int status, String body) {
        daemon.anything(exchange -> send(exchange, "2", status, body));
        CommandResult ran = CommandResult.against(daemon, command.split(" "));
        assertThat(ran.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err())
                .contains(
                        "the daemon at " + daemon.url() + " speaks version '2' of the API, and this tpctl (",
                        ") version 1",
                        "Use the tpctl that was installed with that daemon");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void whatItSaysOfItsVersionIsCleaned() {
        daemon.anything(exchange -> send(exchange, "2" + "9".repeat(5000), 200, "{}"));
        CommandResult ran = CommandResult.against(daemon, "ls");
        assertThat(ran.err()).contains("speaks version '29").hasSizeLessThan(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", " 1 "})
    void ofTheSameApiItMaySayMore(String version) {
        String more = Examples.pools(Examples.summary(ID, "joined", null)).replace("{", "{\"to_come\":{\"x\":[1]},");
        daemon.anything(exchange -> send(exchange, version, 200, more));
        CommandResult ran = CommandResult.against(daemon, "ls");
        assertThat(ran.out()).contains(ID, "joined");
        assertThat(ran.code()).isZero();
    }

    @Test
    void itIsToldWhichApiThisSpeaks() {
        AtomicReference<String> told = new AtomicReference<>();
        daemon.anything(exchange -> {
            told.set(exchange.getRequestHeaders().getFirst(ApiVersion.HEADER));
            send(exchange, "1", 200, "{\"pools\":[]}");
        });
        CommandResult.against(daemon, "ls");
        assertThat(told.get()).isEqualTo("1");
    }

    @Test
    void whereItRefusesThisApiItsWordsAreShown() {
        daemon.refusing("GET /pools", 400, "other_api_version", "this request is of version '1' of the API");
        CommandResult ran = CommandResult.against(daemon, "ls");
        assertThat(ran.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err())
                .contains(
                        "this request is of version '1' of the API",
                        "Use the tpctl that was installed with that daemon");
    }
}
