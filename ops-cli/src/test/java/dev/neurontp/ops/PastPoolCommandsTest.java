package dev.neurontp.ops;

import static dev.neurontp.ops.Examples.pools;
import static dev.neurontp.ops.Examples.summary;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pools that have ended, in a daemon that is asked for them. */
class PastPoolCommandsTest {
    private static final String ID = "k3vd7q2m";
    private static final String OLD = "aaaaaaaa";
    private static final String RECORDED = """
            "recorded":{"written":"2026-03-01T09:31:00Z","pid":4700,"started":"2026-03-01T09:00:00Z","version":"0.1.0",
             "boot_id":"b","host":"node-1","daemon":"gone"}""";

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    private static String recorded(String pool) {
        return pool.replaceFirst("\"epoch\"", RECORDED + ",\"epoch\"");
    }

    /** Where only a rank's failure is known, an end that takes long comes later, and with it what is asked for. */
    @Test
    void statusStaysUntilTheEndsOfAllRanksWereSeen() {
        String failed = Examples.failedPool(ID);
        AtomicInteger asked = new AtomicInteger();
        daemon.on("GET /pools", 200, pools(summary(ID, "failed", "rank 1 died")))
                .on("GET /pools/" + ID, exchange -> {
                    boolean last = asked.incrementAndGet() > 2;
                    String pool =
                            last ? failed : failed.replace("\"ended\":\"2026-03-01T09:31:00Z\"", "\"ended\":null");
                    FakeDaemon.send(exchange, 200, "application/json", pool);
                });
        CommandResult ran = CommandResult.against(daemon, "status", "-w");
        assertThat(ran.code()).as(ran.all()).isEqualTo(1);
        assertThat(asked).hasValue(3);
        assertThat(ran.out().lines().filter(line -> line.startsWith("pool " + ID)))
                .as("shown again when it is complete")
                .hasSize(2);
    }

    @Test
    void aWatchedListSaysWhatWasRemovedAndEndsWhereNobodyAnswers() {
        AtomicInteger asked = new AtomicInteger();
        daemon.on("GET /pools", exchange -> {
            boolean first = asked.getAndIncrement() == 0;
            boolean over = asked.get() > 2;
            FakeDaemon.send(
                    exchange,
                    over ? 500 : 200,
                    "application/json",
                    first ? pools(summary(ID, "joined", null)) : pools());
        });
        CommandResult ran = CommandResult.against(daemon, "ls", "-w");
        assertThat(ran.code()).as(ran.all()).isNotZero();
        assertThat(ran.err()
                        .lines()
                        .filter(line -> line.contains("pool " + ID + " was removed from the list of daemon ")))
                .hasSize(1);
    }

    @Test
    void whatOnlyTheHistoryHasIsAskedForAndShownAsThat() {
        daemon.on("GET /pools", exchange -> {
                    boolean all = "all=true".equals(exchange.getRequestURI().getQuery());
                    String live = summary(ID, "joined", null);
                    String body = all ? pools(recorded(summary(OLD, "lost", "its daemon died")), live) : pools(live);
                    FakeDaemon.send(exchange, 200, "application/json", body);
                })
                .on("GET /pools/" + OLD, 200, recorded(Examples.failedPool(OLD)));
        assertThat(CommandResult.against(daemon, "ls").out()).contains(ID).doesNotContain(OLD);
        assertThat(CommandResult.against(daemon, "ls", "-a", "-q").out()).isEqualTo(OLD + "\n" + ID + "\n");
        CommandResult status = CommandResult.against(daemon, "status", OLD);
        assertThat(status.code()).as(status.all()).isEqualTo(1);
        assertThat(status.out())
                .contains("ran under the daemon with pid 4700 on node-1, version 0.1.0, which has ended");
        assertThat(status.err()).doesNotContain("tpctl restart", "tpctl kill");
    }

    @Test
    void aDaemonOfAnEarlierVersionIsAskedForItsListAlone() {
        daemon.on("GET /pools", exchange -> {
            if (exchange.getRequestURI().getQuery() != null) {
                String refused =
                        "{\"error\":{\"type\":\"wrong_shape\",\"message\":\"no parameter 'all'\",\"detail\":null}}";
                FakeDaemon.send(exchange, 422, "application/json", refused);
            } else {
                FakeDaemon.send(exchange, 200, "application/json", pools(summary(ID, "gone", null)));
            }
        });
        CommandResult ran = CommandResult.against(daemon, "ls", "-a", "-q");
        assertThat(ran).isEqualTo(new CommandResult(0, ID + "\n", ""));
        CommandResult none = CommandResult.against(daemon, "status", "nosuch");
        assertThat(none.code()).as(none.all()).isEqualTo(3);
        assertThat(none.err()).contains("there is no pool 'nosuch' here");
    }
}
