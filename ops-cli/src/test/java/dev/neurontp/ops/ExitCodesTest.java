package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.ops.console.ExitCodeHelp;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The exit codes of the guide are those of every command. */
class ExitCodesTest {
    private static final String ID = "k3vd7q2m";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([0-9, ]+) \\| (.*) \\|$");

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    private static Map<String, String> table(String heading) throws IOException {
        String guide = Files.readString(Programs.root().resolve("docs/operating.md"));
        String table = guide.split(Pattern.quote(heading) + "\n", 2)[1].split("\n\n", 2)[0];
        return ROW.matcher(table).results().collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
    }

    @Test
    void theGuideAndTheHelpNameThoseThatThereAre() throws IOException {
        List<Integer> codes =
                IntStream.rangeClosed(ExitCode.OK, ExitCode.TIMED_OUT).boxed().toList();
        assertThat(table("| exit code | meaning |").keySet())
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(0, codes.size())
                        .mapToObj(code -> code < codes.size() ? codes.get(code).toString() : "129, 130, 143")
                        .toList());
        assertThat(Pattern.compile("[0-9]+")
                        .matcher(ExitCodeHelp.CODES)
                        .results()
                        .map(number -> number.group())
                        .toList())
                .containsExactly("0", "1", "2", "3", "4", "129", "130", "143");
    }

    /** Of one type it is said what to do about that, not about another one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "too_many_operations;tpctl status shows what is under way",
                "too_many_pools;end what nobody needs",
                "too_many_streams;each dashboard",
                "no_such_operation;tpctl events",
                "not_ready;tpctl doctor"
            })
    void whatToDoIsThatOfTheType(String type, String words) {
        for (String command : List.of("ping", "sanity")) {
            daemon.refusing("POST /pools/" + ID + "/" + command, 503, type, "the reason");
            CommandResult ran = CommandResult.against(daemon, command);
            assertThat(ran.err()).as(command).contains("tpctl " + command + ": the reason\n", words);
        }
    }

    /** Which is no loss of a rank's. */
    @Test
    void aPingGoesOnWhereTooManyOperationsWait() {
        AtomicInteger rounds = new AtomicInteger();
        daemon.on("POST /pools/" + ID + "/ping", exchange -> {
            boolean first = rounds.incrementAndGet() == 1;
            FakeDaemon.send(
                    exchange,
                    first ? 429 : 200,
                    "application/json",
                    first
                            ? "{\"error\":{\"type\":\"too_many_operations\",\"message\":\"1 wait\",\"detail\":null}}"
                            : Examples.pong(ID));
        });
        CommandResult ran = CommandResult.against(daemon, "ping", "-c", "2", "-i", "1ms");
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.out()).contains("round 1, not pinged: 1 wait", "round 2, 2 pongs", "1 busy, 0.000% loss");
    }

    @Test
    void eachTypeOfErrorHasTheCodeOfTheGuideForEveryCommandThatMeetsIt() throws IOException {
        Map<String, Integer> documented = new TreeMap<>();
        table("| exit code | types of errors |")
                .forEach((code, types) -> Arrays.stream(types.split(", "))
                        .forEach(type -> documented.put(type.replace("`", ""), Integer.valueOf(code))));
        for (String command : List.of(
                "init", "sanity", "ping", "restart", "shutdown " + ID, "kill " + ID, "delete " + ID, "create")) {
            Map<String, Integer> given = new TreeMap<>();
            for (ErrorType type : ErrorType.values()) {
                String path = "/pools/" + ID;
                for (String request : List.of(
                        "POST /pools",
                        "DELETE " + path,
                        "POST " + path + "/shutdown",
                        "POST " + path + "/" + command.split(" ", -1)[0])) {
                    daemon.refusing(request, type.status(), type.label(), "the reason");
                }
                CommandResult ran = CommandResult.against(daemon, command.split(" ", -1));
                given.put(type.label(), ran.code());
                assertThat(ran.err())
                        .as(command + " " + type)
                        .startsWith("tpctl ")
                        .hasLineCount(2);
            }
            assertThat(given).as(command).isEqualTo(documented);
        }
    }
}
