package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon whose events tell nothing more. */
@Timeout(30)
class WaitCommandTest {
    private static final String ID = "k3vd7q2m";
    /** Less than the time that {@link #wait} gives. */
    private static final Duration LATE = Duration.ofMillis(900);

    private static final String NO_SUCH_POOL =
            "{\"error\":{\"type\":\"no_such_pool\",\"message\":\"there is no pool k3vd7q2m\",\"detail\":null}}";

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeEach
    void keepTheStreamOpen() {
        daemon.on("GET /pools/" + ID + "/events", this::silent);
    }

    private void silent(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        try {
            over.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void endTheStream() {
        over.countDown();
    }

    private CommandResult wait(String goal) {
        return CommandResult.against(daemon, "wait", "--for", goal, "--timeout", "1s");
    }

    private static String beingEnded() {
        return Examples.failedPool(ID).replace("\"ended\":\"2026-03-01T09:31:00Z\"", "\"ended\":null");
    }

    @Test
    void aPoolThatFailedAndIsNeverEndedIsWaitedForNoLongerThanSaid() {
        daemon.on("GET /pools/" + ID, 200, beingEnded());
        CommandResult ran = wait("gone");
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(ran.err()).contains("pool k3vd7q2m is not gone after 1.00 s: it is failed");
    }

    @Test
    void aPoolThatFailedWillNotBeReadyWhetherItsProcessesHaveEndedOrNot() {
        daemon.on("GET /pools/" + ID, 200, beingEnded());
        CommandResult ran = wait("ready");
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.err()).contains("will never be ready: it has failed: ping failed on rank 1");
    }

    @Test
    void whatIsTrueAtTheEndOfTheTimeCounts() {
        AtomicBoolean again = new AtomicBoolean();
        daemon.on(
                "GET /pools/" + ID,
                exchange -> FakeDaemon.send(
                        exchange,
                        200,
                        "application/json",
                        Examples.failedPool(ID)
                                .replace(
                                        "\"state\":\"failed\"",
                                        again.getAndSet(true) ? "\"state\":\"joined\"" : "\"state\":\"starting\"")));
        CommandResult ran = wait("joined");
        assertThat(ran.code()).as(ran.all()).isZero();
        assertThat(ran.out()).contains("pool k3vd7q2m is joined");
    }

    /** Each answer comes in time, and all of them together do not. */
    @Test
    void theTimeIsThatOfAllAnswersTogether() {
        String starting = Examples.failedPool(ID).replace("\"state\":\"failed\"", "\"state\":\"starting\"");
        daemon.on("GET /pools", exchange -> late(exchange, Examples.pools(Examples.summary(ID, "joined", null))))
                .on("GET /pools/" + ID, exchange -> late(exchange, starting))
                .on("GET /pools/" + ID + "/events", exchange -> {
                    LockSupport.parkNanos(LATE.toNanos());
                    silent(exchange);
                });
        Deadline since = Deadline.in(Duration.ofMinutes(1));
        CommandResult ran = wait("joined");
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(ran.err()).contains("is not joined after 1.00 s");
        assertThat(since.elapsed()).isLessThan(LATE.multipliedBy(3));
    }

    private static void late(HttpExchange exchange, String body) throws IOException {
        LockSupport.parkNanos(LATE.toNanos());
        FakeDaemon.send(exchange, 200, "application/json", body);
    }

    /** Somebody removes a pool of which one rank was not seen to end, while it is waited for. */
    @Test
    void aPoolThatIsRemovedIsGoneOnlyWhereAllItsRanksWereSeenToEnd() {
        AtomicBoolean again = new AtomicBoolean();
        daemon.on("GET /pools/" + ID, exchange -> {
            boolean removed = again.getAndSet(true);
            FakeDaemon.send(exchange, removed ? 404 : 200, "application/json", removed ? NO_SUCH_POOL : beingEnded());
        });
        events(ended(0));
        CommandResult lost = waitLong();
        assertThat(lost.code()).as(lost.all()).isEqualTo(ExitCode.FAILED);
        assertThat(lost.err()).contains("was removed from the list", "is not known any more");

        again.set(false);
        events(ended(0), ended(1));
        CommandResult gone = waitLong();
        assertThat(gone.code()).as(gone.all()).isZero();
        assertThat(gone.out()).contains("pool k3vd7q2m is gone");
    }

    /** Its ranks have ended, and what serves their rendezvous was not seen to. */
    @Test
    void aPoolIsNotGoneWhereNotAllOfItWasSeenToEnd() {
        String over = Examples.failedPool(ID)
                .replace(
                        "\"end\":null",
                        "\"end\":{\"rank\":0,\"pid\":4711,\"gone\":true,\"took_ms\":1.0,\"text\":\"exit 0\"}");
        for (String pool : List.of(
                over.replace("\"state\":\"failed\"", "\"state\":\"lost\""),
                over.replace("\"ended\":", "\"gone\":false,\"ended\":"))) {
            daemon.on("GET /pools/" + ID, 200, pool);
            CommandResult ran = wait("gone");
            assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.FAILED);
            assertThat(ran.err())
                    .contains(
                            "pool k3vd7q2m is over, and not all of it was seen to end, although each of its ranks was");
        }
    }

    /** The events of a pool end with it. */
    @Test
    void theEndsOfItsRanksMakeNoPoolGoneThatIsLost() {
        AtomicBoolean again = new AtomicBoolean();
        String stopping = beingEnded().replace("\"state\":\"failed\"", "\"state\":\"stopping\"");
        daemon.on("GET /pools/" + ID, exchange -> {
            boolean removed = again.getAndSet(true);
            FakeDaemon.send(exchange, removed ? 404 : 200, "application/json", removed ? NO_SUCH_POOL : stopping);
        });
        events(ended(0), ended(1), state("lost"));
        daemon.streaming("GET /pools/" + ID + "/events", ended(0) + ended(1));
        CommandResult lost = waitLong();
        assertThat(lost.code()).as(lost.all()).isEqualTo(ExitCode.FAILED);

        again.set(false);
        daemon.streaming("GET /pools/" + ID + "/events", ended(0) + ended(1) + state("lost"));
        assertThat(waitLong().code()).isEqualTo(ExitCode.FAILED);

        again.set(false);
        events(ended(0), ended(1), state("gone"));
        daemon.streaming("GET /pools/" + ID + "/events", ended(0) + ended(1) + state("gone"));
        CommandResult gone = waitLong();
        assertThat(gone.code()).as(gone.all()).isZero();
    }

    private static String state(String state) {
        return """
                id: s.9
                event: pool_state
                data: {"id":"s.9","seq":9,"time":"2026-03-01T09:31:00Z","type":"pool_state","pool":"%s","epoch":1,"state":"%s"}

                """.formatted(ID, state);
    }

    private CommandResult waitLong() {
        return CommandResult.against(daemon, "wait", "--for", "gone", "--timeout", "20s");
    }

    private void events(String... events) {
        daemon.on(
                "GET /events",
                exchange -> FakeDaemon.send(exchange, 200, "text/event-stream", String.join("", events)));
    }

    private static String ended(int rank) {
        return """
                id: s.%d
                event: rank_ended
                data: {"id":"s.%d","seq":%d,"time":"2026-03-01T09:31:00Z","type":"rank_ended","pool":"%s","epoch":1,"rank":%d,\
                "end":{"rank":%d,"pid":4711,"gone":true,"steps":[],"left_behind":[],"abandoned_readers":0,"took_ms":1.0}}

                """.formatted(rank, rank, rank, ID, rank, rank).replace("\\\n", "");
    }
}
