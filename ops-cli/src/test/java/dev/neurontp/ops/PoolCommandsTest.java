package dev.neurontp.ops;

import static dev.neurontp.ops.Examples.operation;
import static dev.neurontp.ops.Examples.pools;
import static dev.neurontp.ops.Examples.summary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolCommandsTest {
    private static final String ID = "k3vd7q2m";

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    @Test
    void lsShowsPoolsAndHidesThoseThatAreGone() {
        daemon.on(
                "GET /pools",
                200,
                pools(
                        summary(ID, "joined", null),
                        summary("aaaaaaaa", "failed", "rank 1 died"),
                        summary("bbbbbbbb", "gone", null)));
        CommandResult ran = CommandResult.against(daemon, "ls");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains(ID, "joined", "rank 1 died").doesNotContain("bbbbbbbb", "DAEMON", "127.0.0.1");
        assertThat(ran.err()).contains("1 that was shut down: tpctl ls --all");
        assertThat(CommandResult.against(daemon, "ls", "--all").out()).contains("bbbbbbbb");
    }

    @Test
    void aNameAndLabelsAreShownAndTheNameNamesThePool() {
        String named = summary(ID, "joined", null)
                .replace("\"epoch\"", "\"name\":\"llama\",\"labels\":{\"team\":\"search\"},\"epoch\"");
        daemon.on("GET /pools", 200, pools(named, summary("aaaaaaaa", "ready", null)))
                .on("POST /pools/" + ID + "/ping", 200, Examples.pong(ID));
        assertThat(CommandResult.against(daemon, "ls").out())
                .contains("NAME", "llama")
                .doesNotContain("search");
        assertThat(CommandResult.against(daemon, "ls", "-o", "wide").out()).contains("LABELS", "team=search");
        assertThat(CommandResult.against(daemon, "ping", "llama").code()).isZero();
    }

    @Test
    void lsQuietIsTheIdsAlone() {
        daemon.on("GET /pools", 200, pools(summary(ID, "joined", null), summary("bbbbbbbb", "gone", null)));
        assertThat(CommandResult.against(daemon, "ls", "-q")).isEqualTo(new CommandResult(0, ID + "\n", ""));
        assertThat(CommandResult.against(daemon, "ls", "-q", "-a").out()).isEqualTo(ID + "\nbbbbbbbb\n");
    }

    @Test
    void ofAPoolThatNewerOnesHavePushedOutItIsSaidThatTheHistoryHasIt() {
        daemon.on("POST /pools/" + ID + "/shutdown", 200, Examples.bye(ID, true))
                .refusing("DELETE /pools/" + ID, 404, "no_such_pool", "there is no pool");
        CommandResult ran = CommandResult.against(daemon, "delete", "-y", ID);
        assertThat(ran.code()).as(ran.all()).isZero();
        assertThat(ran.out()).contains("is shut down").doesNotContain("is deleted");
        assertThat(ran.err()).contains("To remove it from the history, too: tpctl delete " + ID);
    }

    @Test
    void shutdownAllDoesNotSayOfAFailedPoolThatNothingIsLeft() {
        daemon.on("GET /pools", 200, pools(summary(ID, "failed", "short"), summary("bbbbbbbb", "gone", null)));
        assertThat(CommandResult.against(daemon, "shutdown", "--all", "-y").err())
                .contains("No pool lives. Whether every rank of " + ID + " was seen to end: tpctl status POOL")
                .doesNotContain("bbbbbbbb");
        daemon.on("GET /pools", 200, pools(summary("bbbbbbbb", "gone", null)));
        assertThat(CommandResult.against(daemon, "shutdown", "--all", "-y").err())
                .isEqualTo("No pool lives.\n");
    }

    @Test
    void topExitsAsOthersDoWhereNoDaemonAnswersInTime() {
        daemon.on("GET /pools", 409, """
                {"error":{"type":"busy","message":"busy: sanity","detail":null}}""");
        CommandResult ran = CommandResult.against(daemon, "top");
        assertThat(ran.code())
                .as(ran.all())
                .isEqualTo(CommandResult.against(daemon, "ls").code());
        assertThat(ran.code()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(ran.err()).contains("busy: sanity").doesNotContain("No pool lives");
    }

    @Test
    void topSaysOfNoPoolThatItIsNotThereWhereTheDaemonDidNotSay() {
        daemon.refusing("GET /health", 503, "stopping", "this daemon is stopping");
        CommandResult ran = CommandResult.against(daemon, "top");
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err()).contains("this daemon is stopping").doesNotContain("No pool lives");
    }

    @Test
    void lsAsJsonIsOneObjectALineAsTheDaemonSaidIt() {
        CommandResult ran = CommandResult.against(daemon, "ls", "-o", "json");
        assertThat(ran.out().lines()).hasSize(1);
        assertThat(ran.out())
                .startsWith("{\"id\":\"k3vd7q2m\"")
                .contains("\"pids\":[4711,4712]", "\"daemon\":\"" + daemon.url());
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void withJsonAnErrorIsAnObjectWithItsType() {
        daemon.on("POST /pools/" + ID + "/init", 409, """
                {"error":{"type":"busy","message":"busy: sanity","detail":null}}""");
        CommandResult busy = CommandResult.against(daemon, "init", "-o", "json");
        assertThat(busy.code()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(busy.out()).isEmpty();
        assertThat(busy.err())
                .startsWith("{\"error\":{\"type\":\"busy\",\"command\":\"tpctl init\",\"message\":\"busy: sanity")
                .endsWith("\"exit_code\":4}}\n");
        assertThat(CommandResult.against(daemon, "logs", "-fo", "json", "zzz").err())
                .startsWith("{\"error\":{\"type\":\"could_not_run\"");
        assertThat(CommandResult.against(daemon, "init", "zzz", "--output=json").err())
                .startsWith("{\"error\":{\"type\":\"could_not_run\"")
                .hasLineCount(1);
        assertThat(CommandResult.against(daemon, "init", "-ojson", "--cuont", "3")
                        .err())
                .startsWith("{\"error\":{\"type\":\"usage\"")
                .contains("unknown option '--cuont'");
        assertThat(CommandResult.against(daemon, "init", "zzz", "-o", "table").err())
                .startsWith("tpctl init: there is no pool 'zzz' here\n");
    }

    @Test
    void poolsComeInTheFormatsOfKubectl() {
        daemon.on("GET /pools/" + ID, 200, Examples.failedPool(ID));
        assertThat(CommandResult.against(daemon, "ls", "-o", "name").out()).isEqualTo("pool/" + ID + "\n");
        assertThat(CommandResult.against(daemon, "ls", "-o", "wide").out())
                .contains("DAEMON", "127.0.0.1:" + daemon.port(), "PIDS", "4711,4712");
        assertThat(CommandResult.against(daemon, "ls", "-o", "yaml").out())
                .startsWith("---\nid: " + ID + "\n")
                .contains("\npids:\n- 4711\n- 4712\n", "\ndaemon: " + daemon.url() + "\n");
        assertThat(CommandResult.against(daemon, "status", "-o", "yaml").out())
                .contains("\nstate: failed\n", "- \"last ?[31mwords\"\n");
        assertThat(CommandResult.against(daemon, "status", "-o", "name").out()).isEqualTo("pool/" + ID + "\n");
        assertThat(CommandResult.against(daemon, "status", "-o", "wide").out()).contains("epoch 1, command neuron");
        CommandResult unknown = CommandResult.against(daemon, "ls", "-o", "csv");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("'csv' is no format: it must be table, wide, json, yaml or name");
    }

    @Test
    void statusOfAFailedPoolSaysWhyAndExitsWith1() {
        daemon.on("GET /pools", 200, pools(summary(ID, "failed", "x")))
                .on("GET /pools/" + ID, 200, Examples.failedPool(ID));
        CommandResult ran = CommandResult.against(daemon, "status");
        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.out())
                .contains("pool k3vd7q2m has failed", "exit 137 (SIGKILL)")
                .doesNotContain("\u001b");
        assertThat(ran.err()).contains("tpctl logs k3vd7q2m");
    }

    @Test
    void pingShowsEachRoundAndThenTheSums() {
        daemon.on("POST /pools/" + ID + "/ping", 200, Examples.pong(ID));
        CommandResult ran = CommandResult.against(daemon, "ping", "-c", "3", "-i", "1ms");
        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .contains("k3vd7q2m: round 1, 2 pongs in 0.44 ms, the last was rank 1", "round 3")
                .contains("3 rounds, 3 answered, 0.000% loss", "round trip min/avg/p99/max = 0.44/0.44/0.44/0.44 ms");
    }

    @Test
    void aBusyPoolIsNotPingedAndLosesNothingAndPingGoesOn() {
        AtomicInteger rounds = new AtomicInteger();
        daemon.on("POST /pools/" + ID + "/ping", exchange -> {
            if (rounds.incrementAndGet() == 1) {
                FakeDaemon.send(
                        exchange,
                        409,
                        "application/json",
                        "{\"error\":{\"type\":\"busy\",\"message\":\"busy: init\",\"detail\":null}}");
            } else {
                FakeDaemon.send(exchange, 200, "application/json", Examples.pong(ID));
            }
        });
        CommandResult ran = CommandResult.against(daemon, "ping", "-c", "2", "-i", "1ms");
        assertThat(ran.code()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(ran.out()).contains("round 1, not pinged: busy: init", "2 rounds, 1 answered, 1 busy, 0.000% loss");
    }

    @ParameterizedTest
    @CsvSource({"503,stopping", "503,not_ready", "404,no_such_pool", "409,wrong_state", "401,unauthorized"})
    void aRoundThatTheDaemonDoesNotBeginIsNotLost(int status, String type) {
        daemon.refusing("POST /pools/" + ID + "/ping", status, type, "it does not");
        CommandResult ran = CommandResult.against(daemon, "ping", "-c", "1");
        assertThat(ran.code()).isNotZero();
        assertThat(ran.out()).contains("round 1, not pinged: it does not").doesNotContain("lost", "loss");
        assertThat(CommandResult.against(daemon, "ping", "-c", "1", "-o", "json")
                        .out())
                .contains("\"refused\":\"it does not\"")
                .doesNotContain("summary");
    }

    @Test
    void aRoundThatThePoolDidNotLiveToAnswerIsLost() {
        daemon.refusing("POST /pools/" + ID + "/ping", 409, "pool_ended", "it was shut down");
        assertThat(CommandResult.against(daemon, "ping").out()).contains("lost: it was shut down", "100.0% loss");
    }

    @Test
    void aFailedPoolEndsThePingWithTheCause() {
        daemon.on("POST /pools/" + ID + "/ping", 409, """
                {"error":{"type":"pool_failed","message":"short","detail":{"failure":{"text":"the whole story","ranks":[]}}}}""");
        CommandResult ran = CommandResult.against(daemon, "ping", "-c", "5", "-o", "json");
        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.out().lines()).hasSize(2);
        assertThat(ran.out()).contains("\"lost\":\"the pool has failed\"", "\"loss_percent\":100.0");
        assertThat(ran.err())
                .contains("\"command\":\"tpctl ping\",\"message\":\"the whole story\"", "bring up a new one");
    }

    @Test
    void aSecondInitChangesNothingAndIsNoFailure() {
        daemon.on("POST /pools/" + ID + "/init", 409, """
                {"error":{"type":"wrong_state","message":"init: this pool has joined","detail":{"state":"joined"}}}""");
        CommandResult ran = CommandResult.against(daemon, "init");
        assertThat(ran).isEqualTo(new CommandResult(0, "pool " + ID + " has already joined\n", ""));
        assertThat(CommandResult.against(daemon, "init", "-o", "json").out())
                .contains("\"pool\":\"" + ID + "\"", "\"already_joined\":true", "\"daemon\":");
        daemon.on("POST /pools/" + ID + "/init", 409, """
                {"error":{"type":"wrong_state","message":"init: it is stopping","detail":{"state":"stopping"}}}""");
        assertThat(CommandResult.against(daemon, "init").code()).isEqualTo(ExitCode.FAILED);
    }

    /** A clock that is put forward meanwhile makes the difference of two instants days long. */
    @Test
    void howLongAnOperationTookIsWhatTheDaemonMeasured() {
        for (String command : List.of("init", "sanity", "shutdown")) {
            String said = operation(ID, command, "done", """
                    {"took_ms":2000.5,"sum":2,"ranks":[{"rank":0},{"rank":1}],"clean":true,"gone":true,"ends":[]}""", "null");
            daemon.on(
                    "POST /pools/" + ID + "/" + command,
                    200,
                    said.replace("\"ended\":null", "\"ended\":\"2026-03-04T10:30:05Z\""));
            assertThat(CommandResult.against(daemon, command, ID).out())
                    .as(command)
                    .contains(" in 2.00 s");
        }
    }

    @Test
    void whatADaemonRefusesOfAPoolIsNamedByItsOption() {
        daemon.on("POST /pools", 422, """
                {"error":{"type":"wrong_shape","message":"world_size is 999: it must be at most 64","detail":null}}""");
        for (String[] more : new String[][] {{}, {"--wait"}}) {
            String[] command = Stream.concat(Stream.of("create", "-n", "999"), Stream.of(more))
                    .toArray(String[]::new);
            CommandResult ran = CommandResult.against(daemon, command);
            assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.USAGE);
            assertThat(ran.err()).contains("tpctl create: -n: world_size is 999: it must be at most 64\n");
        }
        assertThat(CommandResult.against(daemon, "create", "-n", "999", "-o", "json")
                        .err())
                .contains("\"type\":\"wrong_shape\"", "\"message\":\"-n: world_size is 999");
    }

    @Test
    void initWaitsForAnOperationThatGoesOn() {
        daemon.on("POST /pools/" + ID + "/init", waiting(operation(ID, "init", "running", "null", "null")));
        CommandResult ran = CommandResult.against(daemon, "init", "--timeout", "1s");
        assertThat(ran.code()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(ran.err()).contains("init of pool k3vd7q2m is not over after 1.00 s", "tpctl status k3vd7q2m");
        assertThat(daemon.asked()).anyMatch(request -> request.endsWith("/init?wait=1s"));
    }

    /** As a daemon answers that was asked to wait for a second. */
    private static FakeDaemon.Answer waiting(String body) {
        return exchange -> {
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            FakeDaemon.send(exchange, 202, "application/json", body);
        };
    }

    @Test
    void aSanityCheckThatAddsUpWrongFails() {
        daemon.on(
                "POST /pools/" + ID + "/sanity",
                200,
                operation(
                        ID,
                        "sanity",
                        "done",
                        "{\"took_ms\":2.1,\"sum\":3,\"ranks\":[{\"rank\":0},{\"rank\":1}]}",
                        "null"));
        CommandResult ran = CommandResult.against(daemon, "sanity");
        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.out()).contains("adds up to 3, but there are 2 ranks");
    }

    @Test
    void anOperationThatFailedLaterIsAFailureToo() {
        daemon.on(
                "POST /pools/" + ID + "/init",
                200,
                operation(
                        ID,
                        "init",
                        "failed",
                        "null",
                        "{\"type\":\"pool_failed\",\"message\":\"rank 1 refused\",\"detail\":null}"));
        CommandResult ran = CommandResult.against(daemon, "init");
        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.err()).contains("tpctl init: rank 1 refused");
    }

    @Test
    void shutdownShowsHowEachRankEnded() {
        daemon.on("POST /pools/" + ID + "/shutdown", 200, Examples.bye(ID, true));
        CommandResult ran = CommandResult.against(daemon, "shutdown", "k3");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("pool k3vd7q2m is shut down, in 58.0 ms", "bye, exit 0");
    }

    @Test
    void shutdownOfARankThatHadToBeForcedExitsWith1() {
        daemon.on("POST /pools/" + ID + "/shutdown", 200, Examples.bye(ID, false));
        assertThat(CommandResult.against(daemon, "shutdown", ID).code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void killOfAnEndedPoolSaysWhoseTimeItShows() {
        daemon.on("GET /pools", 200, pools(summary(ID, "failed", "x")))
                .on("DELETE /pools/" + ID, 200, Examples.ended(ID, "forget", true));
        assertThat(CommandResult.against(daemon, "kill", ID).out())
                .contains("pool k3vd7q2m had ended before and is removed from the list now; its end took 58.0 ms");
    }

    @Test
    void shutdownOfAFailedPoolTakesItAway() {
        daemon.on("GET /pools", 200, pools(summary(ID, "failed", "x")))
                .on("POST /pools/" + ID + "/shutdown", 200, Examples.bye(ID, false))
                .on("DELETE /pools/" + ID, 200, Examples.ended(ID, "forget", false));
        CommandResult ran = CommandResult.against(daemon, "shutdown", ID);
        assertThat(ran.code()).as(ran.all()).isZero();
        assertThat(ran.out()).contains("pool k3vd7q2m had ended before and is removed from the list now");
        assertThat(daemon.asked()).anyMatch(request -> request.startsWith("DELETE /pools/" + ID));
    }

    @Test
    void deleteShutsDownAndForgets() {
        daemon.on("GET /pools", 200, pools(summary(ID, "ready", null), summary("aaaaaaaa", "failed", "x")));
        for (String id : List.of(ID, "aaaaaaaa")) {
            daemon.on("POST /pools/" + id + "/shutdown", 200, Examples.bye(id, true))
                    .on("DELETE /pools/" + id, 200, Examples.ended(id, "forget", true));
        }
        CommandResult two = CommandResult.against(daemon, "delete", "k3", "aaaa", "k3");
        assertThat(two.code()).as(two.all()).isZero();
        assertThat(two.out()).contains("pool k3vd7q2m is deleted", "pool aaaaaaaa is deleted");
        assertThat(daemon.asked().stream().filter(request -> request.startsWith("DELETE /pools/" + ID)))
                .hasSize(1);
        assertThat(CommandResult.against(daemon, "delete", "--all").out()).contains(ID, "aaaaaaaa");
    }

    @Test
    void deleteOfARankThatHadToBeForcedExitsWith1() {
        daemon.on("POST /pools/" + ID + "/shutdown", 200, Examples.bye(ID, false))
                .on("DELETE /pools/" + ID, 200, Examples.ended(ID, "forget", false));
        assertThat(CommandResult.against(daemon, "delete", ID).code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void createAsksForThePoolAndSaysWhatItIsCalled() {
        daemon.on("POST /pools", 202, Examples.failedPool(ID).replace("\"failed\"", "\"starting\""));
        assertThat(CommandResult.against(daemon, "create", "-n", "1"))
                .isEqualTo(new CommandResult(0, "pool/" + ID + " created\n", ""));
        assertThat(CommandResult.against(daemon, "create", "-q").out()).isEqualTo(ID + "\n");
        daemon.on("POST /pools", waiting(Examples.failedPool(ID).replace("\"failed\"", "\"starting\"")));
        CommandResult late = CommandResult.against(daemon, "create", "--wait", "--timeout", "1s");
        assertThat(late.code()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(late.err()).contains("pool " + ID + " has not come up within 1 s");
    }

    /** A daemon lets nobody wait for longer than ten minutes at once. */
    @Test
    void aLongTimeoutIsWaitedForWhole() {
        String starting =
                Examples.failedPool(ID).replace("\"failed\"", "\"starting\"").replace("\"busy\":null", """
                        "busy":{"op":"spawn","operation":"op-1","elapsed_ms":600000,"limit_ms":1800000,"unanswered":[1],
                         "text":"spawn"}""");
        String spawn = "/pools/" + ID + "/operations/op-1";
        AtomicInteger looks = new AtomicInteger();
        daemon.on("POST /pools", 202, starting)
                .on(
                        "GET " + spawn,
                        exchange -> FakeDaemon.send(
                                exchange,
                                200,
                                "application/json",
                                operation(
                                        ID, "spawn", looks.incrementAndGet() < 2 ? "running" : "done", "null", "null")))
                .on("GET /pools/" + ID, 200, starting.replace("\"starting\"", "\"ready\""));
        assertThat(CommandResult.against(daemon, "create", "--wait", "--timeout", "25m"))
                .isEqualTo(new CommandResult(0, "pool/" + ID + " created\n", ""));
        assertThat(daemon.asked()).contains("GET " + spawn + "?wait=10m", "GET " + spawn + "?wait=5m");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "create llama;'llama' is no option: the command of the workers stands after --",
                "create -n 0;-n is 0: a pool has at least 1 rank",
                "create -n 3 --devices 0,1;--devices names 2 and -n is 3",
                "create --name Llama;--name is 'Llama': it must be",
                "create --label team;--label is 'team': it must be KEY=VALUE",
                "create --label a=1 -l a=2;--label a is given twice",
                "create -q -o json;-q and -o json do not go together",
                "restart a -q -o json;-q and -o json do not go together",
                "ls -q -o json;-q and -o json do not go together",
                "ls -q -o wide;-q and -o wide do not go together",
                "create --restart always --name a;--restart is 'always': it must be never or on-failure",
                "create --restart on-failure;--restart is on-failure and the pool has no name",
                "up --restart on-failure --name a;--restart does not go with tpctl up",
                "'validate ';the name or id is empty, like a shell variable that is not set",
                "up llama;the command of the workers stands after --",
                "delete;no pool is named"
            })
    void whatIsWrongInAnOptionIsSaidBeforeADaemonIsAsked(String arguments, String words) {
        CommandResult ran = CommandResult.tpctl(arguments.split(" ", -1));
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains(words);
        assertThat(daemon.asked()).isEmpty();
    }

    @Test
    void shutdownAllGoesOnWhereOnePoolRefuses() {
        daemon.on("GET /pools", 200, pools(summary("aaaaaaaa", "ready", null), summary(ID, "ready", null)))
                .refusing("POST /pools/aaaaaaaa/shutdown", 503, "stopping", "this daemon is stopping")
                .on("POST /pools/" + ID + "/shutdown", 200, Examples.bye(ID, true));
        CommandResult ran = CommandResult.against(daemon, "shutdown", "--all");
        assertThat(ran.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.out()).contains("pool k3vd7q2m is shut down");
        assertThat(ran.err()).contains("this daemon is stopping");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill", "shutdown", "delete"})
    void noPoolIsEndedThatWasNotNamed(String command) {
        CommandResult none = CommandResult.against(daemon, command);
        assertThat(none.code()).isEqualTo(ExitCode.USAGE);
        assertThat(none.err()).contains("tpctl " + command + ": no pool is named", "tpctl ls shows them), or --all");
        CommandResult empty = CommandResult.against(daemon, command, "");
        assertThat(empty.code()).isEqualTo(ExitCode.USAGE);
        assertThat(empty.err()).contains("the name or id is empty, like a shell variable that is not set");
        CommandResult both = CommandResult.against(daemon, command, "--all", ID);
        assertThat(both.code()).isEqualTo(ExitCode.USAGE);
        assertThat(both.err()).contains("--all and the id 'k3vd7q2m' do not go together");
        assertThat(daemon.asked()).isEmpty();
    }

    @Test
    void anEmptyIdIsNoChoiceForACommandThatReadsEither() {
        CommandResult ran = CommandResult.against(daemon, "status", "");
        assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains("the name or id is empty");
    }

    @Test
    void killAllEndsEveryLivePoolAndNoOther() {
        daemon.on(
                        "GET /pools",
                        200,
                        pools(
                                summary("aaaaaaaa", "ready", null),
                                summary("bbbbbbbb", "failed", "x"),
                                summary(ID, "ready", null)))
                .on("DELETE /pools/aaaaaaaa", 200, Examples.ended("aaaaaaaa", "end", false))
                .on("DELETE /pools/" + ID, 200, Examples.ended(ID, "end", false));
        CommandResult ran = CommandResult.against(daemon, "kill", "--all", "--yes");
        assertThat(ran.code()).as(ran.all()).isZero();
        assertThat(ran.out()).contains("pool aaaaaaaa was ended, in 58.0 ms", "pool k3vd7q2m was ended");
        assertThat(daemon.asked()).noneMatch(request -> request.startsWith("DELETE /pools/bbbbbbbb"));
    }

    @Test
    void eventsComeOneALine() {
        daemon.on("GET /events", exchange -> FakeDaemon.send(exchange, 200, "text/event-stream", """
                        : a comment

                        id: i-1
                        event: pool_state
                        data: {"id":"i-1","seq":1,"time":"2026-03-01T09:30:03.001Z","type":"pool_state",
                        data: "pool":"k3vd7q2m","state":"ready"}

                        id: i-2
                        event: to_come
                        data: {"id":"i-2","seq":2,"time":"2026-03-01T09:30:04Z","type":"to_come","pool":"k3vd7q2m"}

                        """));
        CommandResult ran = CommandResult.against(daemon, "events");
        assertThat(ran.code()).isZero();
        assertThat(ran.out().lines()).hasSize(2);
        assertThat(ran.out()).contains("k3vd7q2m  pool is ready", "k3vd7q2m  to_come");
        assertThat(daemon.asked()).contains("GET /events?since=0&follow=false");
    }

    @Test
    void logsNameTheHostOfARankThatIsNotHere() {
        daemon.on("GET /pools/" + ID + "/logs", 200, """
                {"lines":[{"seq":1,"time":"2026-03-01T09:30:00.523Z","rank":0,"text":"here"},
                {"seq":2,"time":"2026-03-01T09:30:00.524Z","rank":1,"host":"gpu-2","text":"there"}],"last_seq":2,"dropped":0}""");
        assertThat(CommandResult.against(daemon, "logs").out()).contains("rank 0  here", "rank 1 on gpu-2  there");
        assertThat(CommandResult.against(daemon, "logs", "-t").out())
                .contains("2026-03-01T09:30:00.524Z  rank 1 on gpu-2  there");
    }

    @Test
    void logsAreShownWithoutWhatSteersATerminal() {
        daemon.on("GET /pools/" + ID + "/logs", 200, """
                {"lines":[{"seq":1,"time":"2026-03-01T09:30:00.523Z","rank":1,"text":"a\\u001b]0;x\\u0007b"}],"last_seq":1,"dropped":7}""");
        CommandResult ran = CommandResult.against(daemon, "logs", "--rank", "1");
        assertThat(ran.out()).contains("rank 1  a?]0;x?b");
        assertThat(ran.err()).contains("7 older lines are not kept any more");
        assertThat(daemon.asked()).contains("GET /pools/k3vd7q2m/logs?lines=100&rank=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "9", "-1"})
    void logsOfARankThatThereIsNotIsUsage(String rank) {
        CommandResult ran = CommandResult.against(daemon, "logs", "-f", "--rank", rank);
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains("tpctl logs: --rank is " + rank + ": pool k3vd7q2m has 2 ranks, 0 to 1");
        assertThat(daemon.asked()).noneMatch(request -> request.contains("/logs"));
    }

    /** Its settings are in order. */
    @Test
    void anotherReloadThatIsUnderWayIsNoFaultOfTheSettings() throws Exception {
        daemon.refusing(
                "POST /reload",
                409,
                "busy",
                "the settings were not read: another reload has not ended. Try again later");
        CommandResult ran = CommandResult.against(daemon, "reload");
        assertThat(ran.code()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(ran.err()).contains("Try again later").doesNotContain("tpctl kill", "Correct");
    }
}
