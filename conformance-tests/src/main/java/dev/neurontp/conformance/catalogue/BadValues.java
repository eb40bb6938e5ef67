package dev.neurontp.conformance.catalogue;

import java.util.List;
import java.util.Random;

/** Values that no option takes, of which a run draws some: what reads one option may be another reader than that of the next. */
final class BadValues {

    /** What a known failure calls all of them. */
    static final String DRAWN = "a bad value";

    private static final List<String> OPTIONS = List.of("--rank", "--tp-size", "--cuda-device");

    private static final List<String> VALUES = List.of(
            "",
            "1.0",
            "1.",
            ".5",
            "1e0",
            "1E3",
            "0x1",
            "0X1",
            "0b1",
            "0o1",
            " 1",
            "1 ",
            "\t1",
            "1\t",
            "1\n",
            "\r1",
            "\u00a01",
            "1\u3000",
            "4294967296",
            "9999999999",
            "18446744073709551616",
            "18446744073709551617",
            "340282366920938463463374607431768211457",
            "-1",
            "-4294967295",
            "-18446744073709551615",
            "1_0",
            "1,0",
            "0,1",
            "1'0",
            "1 0",
            "0-1",
            "1k",
            "1u",
            "1L",
            "1;",
            "1#",
            "\"1\"",
            "x",
            "all",
            "auto",
            "none",
            "max",
            "inf",
            "NaN",
            "true",
            "cuda:0",
            "\uff11",
            "\u0661",
            "\u00b2");

    private BadValues() {}

    /** An option with such a value, in either form. */
    static List<String> any(Random random) {
        String option = OPTIONS.get(random.nextInt(OPTIONS.size()));
        String value = VALUES.get(random.nextInt(VALUES.size()));
        return random.nextBoolean() ? List.of(option, value) : List.of(option + "=" + value);
    }
}
