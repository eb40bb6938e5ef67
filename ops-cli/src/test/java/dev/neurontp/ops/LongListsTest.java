package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.client.ErrorOutput;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command says at its end fits on a screen, however many pools, ranks and hosts there are. */
@Tag("long")
class LongListsTest {
    private static final int MANY = 3000;
    private static final int SCREEN = 5000;
    private static final String ID = "k3vd7q2m";

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    private static String many(IntFunction<String> one) {
        return IntStream.range(0, MANY).mapToObj(one).collect(Collectors.joining(","));
    }

    private void listManyPools() {
        daemon.on("GET /pools", 200, Examples.pools(many(i -> Examples.summary(id(i), "joined", null))));
    }

    /** Of the letters and digits that ids have. */
    private static String id(int number) {
        StringBuilder id = new StringBuilder("k");
        for (int place = 6; place >= 0; place--) {
            id.append((char) ('2' + number / Math.toIntExact(Math.round(Math.pow(6, place))) % 6));
        }
        return id.toString();
    }

    private void isShort(CommandResult ran, String more) {
        assertThat(ran.err()).contains(more).hasSizeLessThan(SCREEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "status k2", "status nothing"})
    void poolsToChooseFrom(String command) {
        listManyPools();
        isShort(CommandResult.against(daemon, command.split(" ")), "2984 more");
    }

    @Test
    void poolsThatAreNotEnded() {
        listManyPools();
        CommandResult ran = CommandResult.against(daemon, "shutdown", "--all", "--yes");
        assertThat(ran.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        isShort(ran, "… and 2983 more failures");
    }

    @Test
    void hostsWhereNothingWasStarted() {
        String ranks = many(i -> """
                {"rank":%d,"pid":0,"host":"gpu-%d","op":"ping","elapsed_ms":1.0,"reason":"x","end":null,
                 "error_kind":null,"error_message":null,"stderr":[]}""".formatted(i, i));
        daemon.on("POST /pools/" + ID + "/ping", 409, """
                {"error":{"type":"pool_failed","message":"short","detail":{"failure":{"text":"whole","ranks":[%s]}}}}""".formatted(ranks));
        isShort(
                CommandResult.against(daemon, "ping", "-c", "1"),
                "gpu-15:0 --launcher NAME, with the daemon's --config FILE; and so for 2984 more. ");
    }

    @Test
    void ranksThatAreLost() {
        String end = """
                {"rank":%1$d,"pid":7,"host":"gpu-%1$d","bye":false,"exit_code":255,"gone":false,"lost":true,"steps":[],
                 "out_of_memory":false,"left_behind":[],"took_ms":55.2,"text":"lost"}""";
        String result = "{\"took_ms\":58.0,\"clean\":false,\"gone\":false,\"ends\":[" + many(end::formatted) + "]}";
        daemon.on("POST /pools/" + ID + "/shutdown", 200, Examples.operation(ID, "shutdown", "done", result, "null"));
        isShort(CommandResult.against(daemon, "shutdown", ID), "gpu-15, 2984 more: they may still run");
    }

    /** What nobody thought of. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyRemedyIsCutAndCleaned(boolean json) {
        StringWriter err = new StringWriter();
        new ErrorOutput(new PrintWriter(err), json)
                .print(
                        "tpctl",
                        new CommandException(ExitCode.FAILED, "m\u001b[31m", "\u001b[2J" + "x".repeat(1 << 20)));
        assertThat(err.toString()).contains("x…").doesNotContain("\u001b").hasSizeLessThan(2 * SCREEN);
    }
}
