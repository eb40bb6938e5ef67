package dev.neurontp.ops.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.ops.Examples;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pool in terminals of several widths. */
class StatusPageTest {
    private static final String ID = "k3vd7q2m";
    private static final String END =
            "exit 143 (SIGTERM); SIGTERM sent; lost: the command has ended, and nothing shows that" + " its worker has";

    @ParameterizedTest
    @ValueSource(ints = {20, 40, 80, 200})
    void howARankEndedIsNotCut(int columns) {
        String pool = Examples.failedPool(ID)
                .replace(
                        "\"stderr\":[],\"end\":null",
                        "\"stderr\":[],\"end\":{\"rank\":0,\"pid\":4711,\"gone\":false,\"text\":\"" + END + "\"}");
        String page = page(pool, columns, false);
        assertThat(page).doesNotContain("…");
        assertThat(page.replaceAll("\\s+", " ")).contains(END);
    }

    @Test
    void aFailedPoolOfADaemonThatEndsWithItIsNotSaidToBeRestartable() {
        assertThat(page(Examples.failedPool(ID), 200, false)).contains("tpctl restart " + ID);
        assertThat(page(Examples.failedPool(ID), 200, true))
                .contains("tpctl shutdown " + ID + ", then tpctl up again")
                .doesNotContain("restart");
    }

    private static String page(String pool, int columns, boolean endsWithItsDaemon) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out, true);
        Screen screen = new Screen(new Terminal(writer, writer, false, false), columns, false);
        new StatusPage(screen, "daemon", Instant.parse("2026-03-01T09:32:00Z"), columns, false)
                .print(Json.mapper().readValue(pool, PoolView.class), endsWithItsDaemon);
        return out.toString();
    }
}
