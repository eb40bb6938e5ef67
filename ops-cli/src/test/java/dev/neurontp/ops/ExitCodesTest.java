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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

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

    @Test
    void eachTypeOfErrorHasTheCodeOfTheGuideForEveryCommandThatMeetsIt() throws IOException {
        Map<String, Integer> documented = new TreeMap<>();
        table("| exit code | types of errors |")
                .forEach((code, types) -> Arrays.stream(types.split(", "))
                        .forEach(type -> documented.put(type.replace("`", ""), Integer.valueOf(code))));
        for (String command : List.of("init", "sanity", "shutdown " + ID, "create")) {
            Map<String, Integer> given = new TreeMap<>();
            for (ErrorType type : ErrorType.values()) {
                for (String request : List.of("POST /pools", "POST /pools/" + ID + "/" + command.split(" ", -1)[0])) {
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
