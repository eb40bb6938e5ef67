package dev.neurontp.harness.api;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The least that every daemon says where it sends a record. */
final class LeastJson {
    private LeastJson() {}

    /** What is {@link Required} of that type, and nothing else. */
    static ObjectNode of(Class<?> type) {
        ObjectNode least = JsonNodeFactory.instance.objectNode();
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.isAnnotationPresent(Required.class)) {
                put(least, name(component), component.getType());
            }
        }
        return least;
    }

    static String name(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static void put(ObjectNode object, String name, Class<?> type) {
        if (type == String.class) {
            object.put(name, "x");
        } else if (type == boolean.class) {
            object.put(name, false);
        } else if (type == List.class) {
            object.putArray(name);
        } else {
            object.put(name, 1);
        }
    }
}
