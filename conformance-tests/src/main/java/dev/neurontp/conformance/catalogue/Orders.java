package dev.neurontp.conformance.catalogue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** In which order the ranks of a group are asked. */
final class Orders {

    /** Up to here every order is tried. */
    private static final int SMALL = 3;

    private Orders() {}

    /** From rank 0 on. */
    static List<Integer> natural(int size) {
        List<Integer> order = new ArrayList<>();
        for (int rank = 0; rank < size; rank++) {
            order.add(rank);
        }
        return order;
    }

    /** Orders in which the last, the first and a middle rank are asked last; each rank that does not wait is seen in one. */
    static List<List<Integer>> lastOnes(int size) {
        Set<List<Integer>> orders = new LinkedHashSet<>();
        orders.add(natural(size));
        orders.add(natural(size).reversed());
        List<Integer> middle = natural(size);
        Collections.rotate(middle.subList(size / 2, size), -1);
        orders.add(middle);
        return List.copyOf(orders);
    }

    /** Every order of a small group; of a larger one those of {@link #lastOnes}. */
    static List<List<Integer>> all(int size) {
        return size <= SMALL ? permutations(natural(size)) : lastOnes(size);
    }

    private static List<List<Integer>> permutations(List<Integer> ranks) {
        if (ranks.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> orders = new ArrayList<>();
        for (Integer first : ranks) {
            List<Integer> others =
                    ranks.stream().filter(rank -> !rank.equals(first)).toList();
            for (List<Integer> rest : permutations(others)) {
                List<Integer> order = new ArrayList<>(List.of(first));
                order.addAll(rest);
                orders.add(order);
            }
        }
        return orders;
    }
}
