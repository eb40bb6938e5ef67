package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers leaves out what every daemon says: nothing is made up in its place, least of all that a pool is gone. */
@Timeout(60)
class LeftOutFieldsTest {
    private static final String ID = "k3vd7q2m";

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    @TempDir
    private Path folder;

    private static String pool(String without) {
        return Examples.summary(ID, "joined", null).replaceAll("\"" + without + "\":(\"[^\"]*\"|[0-9]+),?", "");
    }

    private void others(String body, String type) throws IOException {
        String pools = Examples.pools(Examples.summary(ID, "joined", null));
        daemon.anything(exchange -> {
            boolean list = exchange.getRequestMethod().equals("GET")
                    && exchange.getRequestURI().getPath().equals("/pools");
            FakeDaemon.send(exchange, 200, list ? "application/json" : type, list ? pools : body);
        });
    }

    private void refusedNothingSaid(CommandResult ran, String words) {
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("is no neuron daemon of this version", words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "state", "world_size"})
    void aPoolOfAListHasAnIdAStateAndASize(String field) {
        assertThat(pool(field)).doesNotContain("\"" + field + "\":");
        daemon.on("GET /pools", 200, Examples.pools(pool(field)));
        for (String command : new String[] {"ls", "ls -o json", "wait --for gone " + ID, "kill " + ID}) {
            refusedNothingSaid(CommandResult.against(daemon, command.split(" ")), ".pools[0]." + field);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status " + ID,
                "describe " + ID,
                "ping -c 1 " + ID,
                "init " + ID,
                "sanity " + ID,
                "restart " + ID,
                "shutdown " + ID,
                "kill " + ID,
                "delete " + ID,
                "validate " + ID,
                "devices",
                "logs " + ID,
                "reload",
                "reload -o json",
                "dashboard",
                "create -n 1",
                "create -n 1 --dry-run",
                "apply -f FILE"
            })
    void anEmptyObjectIsNoAnswer(String command) throws IOException {
        others("{}", "application/json");
        String file = Files.writeString(folder.resolve("pool.toml"), "name = \"x\"\nworld_size = 1\n")
                .toString();
        refusedNothingSaid(
                CommandResult.against(daemon, command.replace("FILE", file).split(" ")), "(status 200; it is no ");
    }

    /** No command begins to print what it cannot print to the end. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "devices; {'uptime_secs':1,'devices':[{'index':0,'processes':[null]}]}; .devices[0].processes[0]",
                "devices; {'uptime_secs':1,'devices':[{'index':0,'processes':[{'pid':1}]}]}; .devices[0].processes[0].name",
                "create -n 1 --dry-run; {'result':'created','commands':[{'process':'rank 0','host':'h','start':['x'],'end':[null]}]};"
                        + " .commands[0].end[0]",
                "create -n 1 --dry-run; {'result':'created','commands':[{'process':'rank 0','host':'h','start':[null]}]};"
                        + " .commands[0].start[0]",
                "reload; {'changed':[{'name':'log.level'}],'need_restart':[]}; .changed[0].before"
            })
    void nothingThatIsShownIsNull(String command, String body, String place) throws IOException {
        others(body.replace('\'', '"'), "application/json");
        refusedNothingSaid(CommandResult.against(daemon, command.split(" ")), place);
    }

    @Test
    void howAPoolEndedIsNotNull() throws IOException {
        String ends = "{\"took_ms\":1,\"clean\":true,\"gone\":true,\"ends\":[null]}";
        others(Examples.operation(ID, "forget", "done", ends, "null"), "application/json");
        refusedNothingSaid(CommandResult.against(daemon, "delete", "--yes", ID), ".result.ends[0]");
    }

    /** What is done has to say what came of it, of every rank. */
    @ParameterizedTest
    @CsvSource({
        "ping -c 1, ping, '{}'",
        "ping -c 1, ping, '{\"ranks\":[{\"rank\":0}]}'",
        "init, init, '{\"ranks\":[]}'",
        "sanity, sanity, '{\"ranks\":[{\"rank\":0},{\"rank\":1}]}'",
        "shutdown, shutdown, '{\"clean\":true}'",
        "kill, end, '{\"gone\":true}'",
        "delete, shutdown, '{}'"
    })
    void aResultOfNothingIsNone(String command, String op, String result) throws IOException {
        others(Examples.operation(ID, op, "done", result, "null"), "application/json");
        CommandResult ran = CommandResult.against(daemon, (command + " " + ID).split(" "));
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err()).contains("says that it is done, and not what came of it");
        assertThat(ran.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"events", "events -f", "logs -f " + ID, "wait --for gone " + ID})
    void whatIsNoStreamIsNotOneWithoutEvents(String command) throws IOException {
        others("{}", "application/json");
        refusedNothingSaid(CommandResult.against(daemon, command.split(" ")), "it is 'application/json'");
    }

    @Test
    void anEventHasAType() throws IOException {
        others("data: {\"id\":\"1-1\",\"seq\":1}\n\n", "text/event-stream");
        refusedNothingSaid(CommandResult.against(daemon, "events"), "it is no EventView: .type");
    }
}
