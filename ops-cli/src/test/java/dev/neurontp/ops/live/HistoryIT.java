package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.ops.CommandResult;
import dev.neurontp.testing.Signals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What tpctl still tells of pools whose daemon has ended, with the next daemon and without any. */
@Tag("long")
class HistoryIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    private Path state(String id) {
        return site.folder().resolve("state/history/pool-" + id + ".json");
    }

    private Stream<String> written(String id, String kind) throws IOException {
        Path file = site.folder().resolve("state/history/pool-" + id + kind);
        return Files.exists(file) ? Files.readAllLines(file).stream() : Stream.empty();
    }

    private CommandResult ran(int code, String... arguments) throws InterruptedException {
        CommandResult ran = site.call(arguments);
        assertThat(ran.code())
                .as(String.join(" ", arguments) + "\n" + ran.all())
                .isEqualTo(code);
        return ran;
    }

    private String killed() throws IOException, InterruptedException {
        String id = site.up("--name", "llama");
        ran(0, "init", id);
        // A state is written at once, events and lines within about a second.
        await().until(() -> Files.readString(state(id)).contains("\"joined\":\""));
        await().until(() ->
                written(id, ".events").anyMatch(line -> line.contains("pool_state") && line.contains("joined\"")));
        await().until(() -> written(id, ".log")
                        .filter(line -> line.contains("joined a group of 2"))
                        .count()
                == 2);
        Signals.send("KILL", site.daemons().getFirst());
        await().atMost(LIMIT).until(() -> site.processes().isEmpty());
        return id;
    }

    @Test
    void withoutADaemonWhatRanIsReadFromTheFolder() throws IOException, InterruptedException {
        String id = killed();
        ran(3, "ls");
        assertThat(ran(0, "ls", "-a").out()).contains(id, "llama", "lost", "has ended");
        assertThat(ran(0, "ls", "-a", "-q").out()).isEqualTo(id + "\n");
        assertThat(ran(0, "ls", "-a", "-o", "json").out()).contains("\"daemon\":null", "\"recorded\":{");
        String page = ran(1, "describe", "llama").out();
        assertThat(page)
                .contains(
                        "pool " + id + " 'llama' is lost",
                        "history in " + site.folder(),
                        "ran under the daemon with pid",
                        "has ended, and nothing that it wrote shows that its ranks ended",
                        "Last lines of rank 1:",
                        "joined a group of 2",
                        "pool is joined")
                .doesNotContain("gone");
        assertThat(ran(1, "status", id.substring(0, 5)).err()).contains("Nothing shows that ranks 0 and 1 ended.");
        assertThat(ran(1, "status", "-w", id).out()).contains("lost");
        assertThat(ran(0, "events", id).out()).contains("created", "pool is joined");
        assertThat(ran(0, "logs", id, "--rank", "1", "-n", "1").out().lines()).hasSize(1);
        assertThat(ran(0, "logs", "--previous").out()).contains("joined a group of 2");
        assertThat(ran(0, "logs", "-p", "llama", "-f").err())
                .contains("pool " + id + " is lost: nobody has seen its end");
        ran(2, "logs", id, "--rank", "2");
        assertThat(ran(0, "logs", id, "--tail=-1").out()).contains("joined a group of 2");
        assertThat(ran(0, "logs", id, "--tail=0").out()).isEmpty();
        assertThat(ran(2, "logs", id, "--tail=-2").err()).contains("it must be from 0 to 10000, or -1");
    }

    /** One whose hosts are never heard, as far as it is written down. */
    private LiveDaemonFixture.Live starting() throws IOException {
        Path settings = Files.writeString(site.folder().resolve("neuron.toml"), """
                [launchers.far]
                preset = "exec"
                start = ["sh", "-c", "cat >/dev/null; :"]
                [hosts.a]
                address = "127.0.0.1"
                """);
        LiveDaemonFixture.Live up = site.start(
                "up",
                "--skip-preflight",
                "--config=" + settings,
                "--hosts=a:0-1",
                "--launcher=far",
                "--communicator=loopback",
                "--name=waits");
        await().atMost(LIMIT).until(() -> {
            Path history = site.folder().resolve("state/history");
            if (Files.notExists(history)) {
                return false;
            }
            try (Stream<Path> files = Files.list(history)) {
                return files.anyMatch(file -> file.toString().endsWith(".json"));
            }
        });
        return up;
    }

    /** Some of its workers may run on their hosts by then, and nobody else knows of them. */
    @Test
    void aPoolThatWasBeingStartedWhenItsDaemonDiedIsLost() throws IOException, InterruptedException {
        LiveDaemonFixture.Live up = starting();
        Signals.send("KILL", site.daemons().getFirst());
        up.end();
        await().atMost(LIMIT).until(() -> site.processes().isEmpty());
        assertThat(ran(0, "ls", "-a").out()).contains("waits", "lost", "has ended");
        assertThat(ran(1, "status", "waits").out())
                .contains("'waits' is lost", "nothing that it wrote shows that its ranks ended");
    }

    /** Nobody waits for its hosts then, which may take minutes. */
    @Test
    void aPoolThatIsBeingStartedCanBeWaitedForAndEnded() throws IOException, InterruptedException {
        LiveDaemonFixture.Live up = starting();
        assertThat(ran(0, "ls").out()).contains("starting");
        assertThat(ran(4, "wait", "waits", "--for", "ready", "--timeout", "100ms")
                        .err())
                .contains("it is starting");
        // An agent starts nothing before its daemon has heard and answered it.
        assertThat(ran(0, "kill", "waits").out()).contains("nothing was started there: its agent was never heard");
        assertThat(up.end().err()).contains("was ended by request while it was being started");
        assertThat(ran(0, "status", "waits").out()).contains("gone").doesNotContain("failed");
        await().atMost(LIMIT).until(() -> site.processes().isEmpty());
    }

    /** Of all commands that want a pool of a daemon's list. */
    private void aPastPoolIsSaidToBeOne(String word, String id) throws InterruptedException {
        for (String command : List.of("ping", "init", "sanity", "restart", "shutdown", "kill", "top", "validate")) {
            assertThat(ran(3, command, word).err())
                    .as(command)
                    .contains(
                            "there is no pool '" + word + "' here any more: " + id
                                    + " 'llama' is a past one, and lost: its" + " daemon (pid ",
                            "tpctl describe " + id,
                            "tpctl ls --all",
                            "tpctl create, tpctl apply -f FILE");
        }
        assertThat(ran(3, "wait", word, "--for", "ready").err()).contains("is a past one, and lost");
    }

    @Test
    void aCommandThatWantsAPoolOfAListSaysThatItIsAPastOne() throws IOException, InterruptedException {
        String id = killed();
        aPastPoolIsSaidToBeOne("llama", id);
        assertThat(ran(3, "ls").err()).contains("What ran before: tpctl ls --all");
        assertThat(ran(3, "ping", "nosuch").err()).contains("no neuron daemon of this user runs on this host");
        site.up("--name", "other");
        aPastPoolIsSaidToBeOne(id, id);
        assertThat(ran(3, "ping", "nosuch").err()).contains("there is no pool 'nosuch' here\n");
    }

    @Test
    void theNextDaemonTellsItTooAndANewPoolOfThatNameGoesFirst() throws IOException, InterruptedException {
        String old = killed();
        String next = site.up("--name", "llama");
        assertThat(ran(0, "ls", "-q").out()).isEqualTo(next + "\n");
        assertThat(ran(0, "ls", "-a", "-q").out()).isEqualTo(old + "\n" + next + "\n");
        assertThat(ran(0, "status", "llama").out()).contains("pool " + next);
        assertThat(ran(1, "status", old).out()).contains("daemon http", "ran under the daemon with pid");
        assertThat(ran(0, "logs", "--previous", "llama").out()).contains("joined a group of 2");
        assertThat(ran(0, "logs", "--previous", next).out()).contains("joined a group of 2");
        assertThat(ran(3, "ping", old).err()).contains("there is no pool '" + old + "' here");
        ran(0, "shutdown", next);
        await().atMost(LIMIT).until(() -> site.processes().isEmpty());
        assertThat(ran(0, "ls", "-a").out()).contains(old, next, "gone");
        assertThat(ran(0, "status", next).out()).contains("pool " + next + " 'llama' is gone", "bye, exit 0");
    }

    @Test
    void aDaemonThatDoesNotAnswerHidesNoHistory() throws IOException, InterruptedException {
        String id = killed();
        site.up("--name", "other");
        long daemon = site.daemons().getFirst();
        Signals.send("STOP", daemon);
        try {
            CommandResult ls = ran(4, "ls", "-a", "--timeout", "1s");
            assertThat(ls.out()).contains(id).doesNotContain("other");
            assertThat(ls.err()).contains("did not answer within 1.00 s");
        } finally {
            Signals.send("CONT", daemon);
        }
    }

    @Test
    void whatOnlyTheHistoryHasCanBeRemovedFromIt() throws IOException, InterruptedException {
        String id = killed();
        assertThat(ran(0, "delete", "llama", "--yes").out())
                .contains("pool " + id + " 'llama' is removed from the history in " + site.folder());
        assertThat(state(id)).doesNotExist();
        assertThat(ran(3, "ls", "-a").err()).contains("no pool is in the history");
        assertThat(ran(3, "delete", id, "--yes").err()).contains("no neuron daemon of this user runs on this host");
        String next = site.up("--name", "other");
        Signals.send("KILL", site.daemons().getFirst());
        await().atMost(LIMIT).until(() -> site.processes().isEmpty());
        site.up("--name", "third");
        assertThat(ran(0, "delete", next, "--yes", "-o", "json").out())
                .contains("\"op\":\"forget\"", "\"pool\":\"" + next + "\"");
        assertThat(ran(0, "ls", "-a").out()).contains("third").doesNotContain(next);
    }

    @Test
    void theBundleForAReportOfABugHasWhatRan() throws Exception {
        String id = killed();
        Path archive = site.folder().resolve("bundle.tar.gz");
        assertThat(site.call("doctor", "--only", "nofile", "--bundle", archive.toString())
                        .err())
                .contains("history.txt, ");
        Process tar = new ProcessBuilder("tar", "-xzOf", archive.toString(), "tpctl-doctor/history.txt").start();
        String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said)
                .contains(
                        "pool " + id + " in ",
                        "\"name\":\"llama\"",
                        "\"state\":\"lost\"",
                        "joined a group of 2",
                        "\"type\":\"pool_created\"");
    }

    @Test
    void whatIsNotFoundIsSaid() throws InterruptedException {
        for (List<String> command :
                List.of(List.of("describe", "nosuch"), List.of("status", "nosuch"), List.of("logs", "nosuch"))) {
            CommandResult ran = ran(3, command.toArray(String[]::new));
            assertThat(ran.err())
                    .contains(
                            "no neuron daemon of this user runs on this host",
                            "no pool 'nosuch' is in the history (looked in " + site.folder());
        }
        assertThat(ran(3, "ls", "-a").err()).contains("no pool is in the history");
        assertThat(ran(3, "logs", "--previous", "nosuch").err()).contains("there is no earlier pool 'nosuch'");
        assertThat(ran(3, "status").err()).contains("no neuron daemon of this user runs on this host");
    }

    @Test
    void aBadFileIsNamedAndHidesNothing() throws IOException, InterruptedException {
        String id = killed();
        Path bad = state("badbadba");
        new ProcessBuilder("mkfifo", bad.toString()).start().waitFor();
        CommandResult ls = ran(0, "ls", "-a");
        assertThat(ls.out()).contains(id);
        assertThat(ls.err()).contains(bad + " is left out: it is a FIFO");
        assertThat(ran(3, "describe", "badbadba").err())
                .as("it is there, so it is not said to be nowhere")
                .contains(bad + " is left out: it is a FIFO");
    }

    /** As after a power failure. */
    @Test
    void whatHappenedToAPoolMayBeUnreadableAndHidesNothingElseOfIt() throws IOException, InterruptedException {
        String id = killed();
        Path folder = state(id).getParent();
        Files.writeString(folder.resolve("pool-" + id + ".events"), "\0\0\0");
        Files.writeString(folder.resolve("pool-" + id + ".log"), "\0\0\0");
        assertThat(ran(1, "describe", id).out())
                .contains("pool " + id, "(its lines cannot be read: ", "not shown: what earlier daemons have written");
        assertThat(ran(1, "status", id).out()).contains("pool " + id);
    }
}
