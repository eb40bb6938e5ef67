package dev.neurontp.conformance.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.catalogue.Catalogue;
import dev.neurontp.conformance.contract.Contract;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LineClassTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"op\":\"ping\"} | PLAIN",
                "{\"op\":\"init\",\"comm_id\":\"\"} | INIT",
                "{ \"op\":\"ping\"} | WHITE_SPACE",
                "{\"op\":\"ping\",} | TRAILING_COMMA",
                "{\"op\":\"ping\",\"x\":[1,]} | TRAILING_COMMA",
                "{,\"op\":\"ping\"} | COMMA",
                "{\"op\":\"ping\"/*c*/} | COMMENT",
                "{\"op\":\"ping\"}#c | COMMENT",
                "{\"op\":\"ping\"}, | AFTER",
                "{\"op\":\"ping\"}x | AFTER",
                "{\"op\":\"ping\",\"x\":NaN} | WORD",
                "{\"op\":\"ping\",\"x\":True} | WORD",
                "{\"op\":\"ping\",\"x\":-Infinity} | NUMBER",
                "{\"op\":\"ping\",\"x\":01} | NUMBER",
                "{\"op\":\"ping\",\"x\":+1} | NUMBER",
                "{\"op\":\"ping\",x:1} | NAME",
                "{'op':'ping'} | QUOTES",
                "\u00a0{\"op\":\"ping\"} | OTHER_BLANK",
                "{\"op\":\"ping\"}\u2028 | OTHER_BLANK",
                "\ufeff{\"op\":\"ping\"} | BYTE_ORDER_MARK",
                "{\"op\":\"ping\" | CUT_SHORT",
                "nonsense | NOT_JSON",
                "[] | ARRAY",
                "7 | SCALAR",
                "{} | NO_OP",
                "{\"op\":7} | OP_TYPE",
                "{\"op\":\"ping\",\"op\":\"ping\"} | OP_TWICE",
                "{\"op\":\"pong\"} | UNKNOWN_OP",
                "{\"op\":\"init\"} | COMM_ID",
                "{\"op\":\"ping\",\"x\":\"\\ud800\"} | HALF_CHARACTER",
                "{\"op\":\"ping\",\"x\":\"\\x41\"} | ESCAPE",
                "{\"op\":\"ping\",\"comm_id\":7} | FOREIGN_COMM_ID",
                "{\"op\":\"ping\",\"x\":7} | UNKNOWN_FIELD",
            })
    void aLineIsOfTheClassOfWhatIsParticularAboutIt(String line, LineClass expected) {
        assertThat(LineClass.of(line.getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
    }

    /** So that what a random check finds is found with every seed, by a fixed line of the same class. */
    @Test
    void fixedExamplesCoverEveryClass() {
        Set<LineClass> covered = EnumSet.noneOf(LineClass.class);
        for (Check check : Catalogue.checks(Contract.load())) {
            if (check instanceof Check.Examples examples) {
                examples.scripts().stream()
                        .flatMap(script -> script.lines().stream())
                        .map(line -> LineClass.of(line.bytes()))
                        .forEach(covered::add);
            }
        }
        assertThat(covered).containsExactlyInAnyOrder(LineClass.values());
    }
}
