package dev.neurontp.conformance.catalogue;

import static dev.neurontp.conformance.catalogue.RefusalChecks.bad;

import dev.neurontp.conformance.check.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** O6: what readers take that are written by hand, or for more than JSON: each kind in every form that some reader knows. */
final class LenientReaders {

    /** What follows a backslash in JSON. */
    private static final String ESCAPES = "\"\\/bfnrtu";

    /** What some language takes for white space, and JSON does not; more that cannot be seen: each control character. */
    private static final List<Integer> BLANKS = IntStream.concat(
                    IntStream.range(0, 0x20).filter(c -> "\t\n\r".indexOf(c) < 0),
                    IntStream.of(
                            0x7f, 0x85, 0xa0, 0xad, 0x1680, 0x180e, 0x2000, 0x2007, 0x200b, 0x2028, 0x2029, 0x202f,
                            0x205f, 0x2060, 0x3000, 0xfeff))
            .boxed()
            .toList();

    private LenientReaders() {}

    /** A letter behind a backslash that JSON has no meaning for. */
    static List<Script> escapes() {
        Stream<String> letters = IntStream.rangeClosed(0x20, 0x7e)
                .filter(c -> ESCAPES.indexOf(c) < 0)
                .mapToObj(c -> "\\" + (char) c);
        Stream<String> numbers = Stream.of(
                "\\u 041",
                "\\u+041",
                "\\u-041",
                "\\u0x41",
                "\\u004",
                "\\u{41}",
                "\\u\uff10\uff10\uff14\uff11",
                "\\u004\u0661",
                "\\u",
                "\\101",
                "\\\u00e9",
                "\\\u0001");
        return bad(EachPlace.ofStrings(Stream.of(letters, numbers, digits())
                        .flatMap(some -> some)
                        .distinct()
                        .map(text -> "\"" + text + "\"")
                        .toList())
                .toArray(String[]::new));
    }

    /** What readers of numbers pass over, such as Python's int, in the place of each digit. */
    private static Stream<String> digits() {
        return IntStream.range(0, 4)
                .boxed()
                .flatMap(at -> Stream.of("_", " ", "+", "-", ".", "x", "g", "G", ":", "@", "`", "/")
                        .map(other -> "\\u" + "0041".substring(0, at) + other + "0041".substring(at + 1)));
    }

    /** Half a character, before what is not its other half, in a value and in a name. */
    static List<Script> halves() {
        List<String> lines = new ArrayList<>();
        for (String half : List.of(
                "\\ud83d",
                "\\ude00",
                "\\ud83dA",
                "\\ud83d\\u0041",
                "\\ud83d\\n",
                "\\ud83d\\ud83d",
                "\\ud83d\\ud83d\\ude00",
                "\\ude00\\ude00",
                "\\ud83d\\ude00\\ude00",
                "\\ud83d\u00e9",
                "\\udbff",
                "\\udc00")) {
            lines.add("{\"op\":\"ping\",\"x\":\"" + half + "\"}");
            lines.add("{\"op\":\"ping\",\"" + half + "\":1}");
            lines.add("{\"op\":\"ping\",\"x\":{\"" + half + "\":1}}");
            lines.add("{\"op\":\"ping\",\"x\":[{\"y\":\"" + half + "\"}]}");
        }
        return bad(lines.toArray(String[]::new));
    }

    /** Each control character as it is, in a value and in a name; without LF, which ends the line. */
    static List<Script> controls() {
        return bad(IntStream.range(0, 0x20)
                .filter(c -> c != '\n')
                .boxed()
                .flatMap(c -> Stream.of(
                        "{\"op\":\"ping\",\"x\":\"a" + (char) c.intValue() + "b\"}",
                        "{\"op\":\"ping\",\"a" + (char) c.intValue() + "b\":1}",
                        "{\"op\":\"ping\",\"x\":[\"a" + (char) c.intValue() + "b\"]}",
                        "{\"op\":\"ping\",\"x\":{\"a" + (char) c.intValue() + "b\":1}}"))
                .toArray(String[]::new));
    }

    /** White space of other languages, in each place where JSON may have its own. */
    static List<Script> blanks() {
        return bad(BLANKS.stream()
                .map(Character::toString)
                .flatMap(blank -> Stream.of(
                        blank + "{\"op\":\"ping\"}",
                        "{" + blank + "\"op\":\"ping\"}",
                        "{\"op\"" + blank + ":\"ping\"}",
                        "{\"op\":" + blank + "\"ping\"}",
                        "{\"op\":\"ping\"" + blank + "}",
                        "{\"op\":\"ping\"}" + blank,
                        "{\"op\":\"ping\",\"x\":[1," + blank + "2]}",
                        "{\"op\":\"ping\",\"x\":{\"y\":[1" + blank + "]}}"))
                .toArray(String[]::new));
    }

    /** Words and numbers that are none. */
    static List<Script> scalars() {
        return values(Stream.of(
                // words
                "TRUE",
                "FALSE",
                "NULL",
                "True",
                "False",
                "Null",
                "None",
                "none",
                "nil",
                "yes",
                "no",
                "on",
                "off",
                "t",
                "f",
                "tru",
                "truee",
                "nul",
                "nulll",
                "fals",
                "true1",
                "NaN",
                "nan",
                "-NaN",
                "Infinity",
                "infinity",
                "INF",
                "inf",
                "-inf",
                "-Infinity",
                "+Infinity",
                "undefined",
                "y",
                "$",
                "\u0442rue",
                // numbers
                "00",
                "01",
                "-00",
                "-01",
                "1.",
                "-1.",
                ".5",
                "-.5",
                "1.e5",
                "+1",
                "++1",
                "--1",
                "- 1",
                "-",
                "+",
                "1e",
                "1e+",
                "1E-",
                "1e1.5",
                "1.2.3",
                "0x1",
                "0X1F",
                "-0x1",
                "0b1",
                "0o7",
                "1_000",
                "1,000.",
                "1L",
                "1n",
                "1f",
                "1d",
                "1u",
                "1'000",
                "1 000",
                "1e 5",
                "1 .5",
                "0e",
                "\u0661",
                "\uff11",
                "1\u0661",
                "#1",
                "1#",
                "1/2",
                "1+1"));
    }

    /** Marks left out, doubled, or of another language. */
    static List<Script> marks() {
        return bad(Stream.concat(marksOfTheRequest(), EachPlace.ofValues(brokenValues()))
                .toArray(String[]::new));
    }

    private static Stream<String> marksOfTheRequest() {
        return Stream.of(
                "{\"op\":\"ping\",,\"x\":1}",
                "{\"op\":\"ping\",\"x\":1,,}",
                "{\"op\":\"ping\" , }",
                "{\"op\"=\"ping\"}",
                "{\"op\"=>\"ping\"}",
                "{\"op\"::\"ping\"}",
                "{\"op\":=\"ping\"}",
                "{\"op\",\"ping\"}",
                "{\"op\":\"ping\";\"x\":1}",
                "{\"op\":\"ping\":1}",
                "{\"op\":\"ping\"\"x\":1}",
                "{\"op\":\"ping\",\"x\":1 \"y\":2}",
                "{\"op\":\"pi\"\"ng\"}",
                "{\"op\":\"pi\"+\"ng\"}",
                "{\"op\":\"\"\"ping\"\"\"}",
                "{\"op\":`ping`}",
                "{\"op\":\u201cping\u201d}",
                "{`op`:\"ping\"}",
                "{\"op\":\"ping\",\"x\":`y`}",
                "{\"op\":\"ping\",\"x\":'y'}",
                "{\"op\":\"ping\",'x':1}",
                "{\"op\":\"ping\",1:1}",
                "{\"op\":\"ping\",null:1}",
                "{\"op\":\"ping\",[]:1}",
                "(\"op\":\"ping\")",
                "{\"op\":\"ping\"",
                "{\"op\":\"ping\",\"x\":[1}",
                "{\"op\":\"ping\",\"x\":{\"y\":1}",
                "\u001b[0m{\"op\":\"ping\"}",
                "{\"op\":\u001b[0;32m\"ping\"\u001b[0m}",
                "{\"op\":\"ping\",/**/\"x\":1}",
                "{/**/\"op\":\"ping\"}",
                "{\"op\":/**/\"ping\"}",
                "{\"op\":\"ping\",\"x\":1//}",
                "{\"op\":\"ping\",\"x\":1#}",
                "{\"op\":\"ping\"}--",
                "{\"op\":\"ping\"}/**/",
                "//{\"op\":\"ping\"}",
                "<!--{\"op\":\"ping\"}-->",
                "(/**/{\"op\":\"ping\"})",
                "({\"op\":\"ping\"})",
                "ping({\"op\":\"ping\"})",
                "callback({\"op\":\"ping\"});",
                "= {\"op\":\"ping\"}",
                "data: {\"op\":\"ping\"}",
                "- {\"op\":\"ping\"}",
                "--- {\"op\":\"ping\"}",
                "!!map {\"op\":\"ping\"}",
                "&a {\"op\":\"ping\"}",
                "\u001e{\"op\":\"ping\"}",
                ")]}',{\"op\":\"ping\"}");
    }

    /** Arrays and objects that are none. */
    private static Stream<String> brokenValues() {
        return Stream.of(
                "[1}",
                "{\"y\":1]",
                "(1)",
                "[1,,2]",
                "[1;2]",
                "[1,2,]",
                "[1, ]",
                "[,]",
                "[:]",
                "[\"y\":1]",
                "{\"y\":1,}",
                "{\"y\":1,,\"z\":2}",
                "{,\"y\":1}",
                "{,}",
                "{\"y\"}",
                "{\"y\":}",
                "{\"y\",1}",
                "{\"y\"=1}",
                "{y:1}",
                "{'y':1}",
                "{1}",
                "{null}",
                "[/**/]",
                "[1 2]",
                "[1]2",
                "[1,2 ,]",
                "{\"y\"=>1}",
                "{\"y\"::1}",
                "{\"y\" 1}",
                "{\"y\":1 \"z\":2}",
                "{\"y\":1;\"z\":2}",
                "{\"y\":1:2}",
                "{`y`:1}",
                "{1:2}",
                "{-1.5:2}",
                "{null:1}",
                "{true:1}",
                "{[]:1}",
                "{{}:1}",
                "{\"y\"}{}",
                "[1/**/]",
                "{/**/\"y\":1}",
                "{\"y\"/**/:1}",
                "{\"y\":1/**/}",
                "<1>");
    }

    /** Behind the object, with white space before it or not. */
    static List<Script> after() {
        return bad(Stream.of(
                        "0",
                        "1",
                        "null",
                        "true",
                        "\"x\"",
                        "\"",
                        "'",
                        "[]",
                        "{}",
                        "{",
                        "[",
                        ":",
                        ".",
                        "//",
                        "\\",
                        "\\n",
                        "\u0001",
                        "#",
                        "# x",
                        "\u001a",
                        "\u007f",
                        "\u001b[0m",
                        "--",
                        "-- x",
                        ";",
                        ",",
                        ")",
                        "...",
                        "!")
                .flatMap(more -> Stream.of("{\"op\":\"ping\"}" + more, "{\"op\":\"ping\"} \t\r" + more))
                .toArray(String[]::new));
    }

    private static List<Script> values(Stream<String> values) {
        return bad(EachPlace.ofValues(values).toArray(String[]::new));
    }
}
