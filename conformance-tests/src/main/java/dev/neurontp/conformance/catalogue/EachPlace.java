package dev.neurontp.conformance.catalogue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Texts in the places of a request where a value, or a name, may stand: readers look less closely at what they skip, and differ by depth. */
final class EachPlace {

    private static final String FIELD = "{\"op\":\"ping\",\"x\":%s}";
    private static final List<String> INNER = List.of(
            "{\"op\":\"ping\",\"x\":[%s]}",
            "{\"op\":\"ping\",\"x\":{\"y\":%s}}", "{\"x\":[[0,{\"y\":[%s,0]}]],\"op\":\"ping\"}");
    private static final List<String> NAMES = List.of("{\"op\":\"ping\",%s:1}", "{\"op\":\"ping\",\"x\":[{%s:1}]}");

    private EachPlace() {}

    /** Each of them as a field, in an array, in an object, and deeper. */
    static Stream<String> ofValues(Stream<String> values) {
        return values.flatMap(
                value -> Stream.concat(Stream.of(FIELD), INNER.stream()).map(place -> in(place, value)));
    }

    /** Each string as a field, and in one other place, by turns, since there are many: inside a value, and as a name. */
    static Stream<String> ofStrings(List<String> strings) {
        List<String> others = Stream.concat(INNER.stream(), NAMES.stream()).toList();
        return IntStream.range(0, strings.size())
                .boxed()
                .flatMap(i -> Stream.of(FIELD, others.get(i % others.size())).map(place -> in(place, strings.get(i))));
    }

    private static String in(String place, String text) {
        return place.replace("%s", text);
    }
}
