package io.hypernetes.api.types.resource;

import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Field;

import java.math.BigDecimal;
import java.util.List;

/** How much a device has, and how claims may share it (KEP-5075). */
final class CapacityRules {

    private static final int MAX_VALUES = 10;

    private CapacityRules() {}

    /**
     * @param shared several claims may have parts of the device
     */
    static void check(Field capacity, boolean shared) {
        Field policy = capacity.at("requestPolicy");
        if (!policy.isSet()) {
            return;
        }
        Quantity whole = quantity(capacity.at("value"));
        Field values = policy.at("validValues");
        Field range = policy.at("validRange");
        if (!shared) {
            policy.forbidden("allowMultipleAllocations must be true");
        } else if (values.isGiven() && range.isSet()) {
            policy.forbidden(
                    "exactly one policy can be specified, cannot specify \"validValues\" and"
                            + " \"validRange\" at the same time");
        } else if (values.isGiven()) {
            if (policy.at("default").required("required when validValues is defined").isGiven()) {
                values(values, quantity(policy.at("default")), whole);
            }
        } else if (range.isSet()) {
            if (policy.at("default").required("required when validRange is defined").isGiven()) {
                range(range, quantity(policy.at("default")), whole);
            }
        }
    }

    private static Quantity quantity(Field field) {
        return field.isSet() ? Quantity.parse(field.text()) : Quantity.ZERO;
    }

    private static void values(Field values, Quantity standard, Quantity whole) {
        List<Field> all = values.items();
        for (int i = 1; i < all.size(); i++) {
            if (quantity(all.get(i - 1)).compareTo(quantity(all.get(i))) > 0) {
                all.get(i).invalid("values must be sorted in ascending order");
            }
        }
        List<Field> options =
                DeviceRequestRules.distinctItems(
                        values, MAX_VALUES, value -> Long.toString(quantity(value).value()));
        for (Field option : options) {
            if (quantity(option).compareTo(whole) > 0) {
                option.invalid("option is larger than capacity value: " + whole);
            }
        }
        if (options.stream().noneMatch(option -> quantity(option).compareTo(standard) == 0)) {
            values.invalid(
                    standard.toString(),
                    "default value is not valid according to the requestPolicy");
        }
    }

    private static void range(Field range, Quantity standard, Quantity whole) {
        Field min = range.at("min");
        if (!min.isSet()) {
            min.tellRequired("required when validRange is defined");
            return;
        }
        Quantity least = quantity(min);
        if (least.compareTo(whole) > 0) {
            min.invalid("min is larger than capacity value: " + whole);
        }
        if (standard.compareTo(least) < 0) {
            range.at("default").invalid(standard.toString(), "default is less than min: " + least);
        }
        Field max = range.at("max");
        if (max.isSet()) {
            Quantity most = quantity(max);
            if (least.compareTo(most) > 0) {
                max.invalid(least.toString(), "min is larger than max: " + most);
            }
            if (most.compareTo(whole) > 0) {
                max.invalid("max is larger than capacity value: " + whole);
            }
            if (standard.compareTo(most) > 0) {
                range.at("default")
                        .invalid(standard.toString(), "default is more than max: " + most);
            }
        }
        if (range.at("step").isSet()) {
            steps(range, least, standard, whole);
        }
    }

    private static void steps(Field range, Quantity least, Quantity standard, Quantity whole) {
        Field step = range.at("step");
        Quantity by = quantity(step);
        if (by.signum() <= 0) {
            step.invalid("must be greater than zero");
            return;
        }
        Quantity first = least.add(by);
        if (first.compareTo(whole) > 0) {
            step.invalid("one step " + first + " is larger than capacity value: " + whole);
        }
        isStep(step, standard, least, by);
        if (range.at("max").isSet()) {
            isStep(step, quantity(range.at("max")), least, by);
        }
    }

    private static void isStep(Field step, Quantity value, Quantity least, Quantity by) {
        BigDecimal rest = value.amount().subtract(least.amount()).remainder(by.amount());
        if (rest.signum() != 0) {
            step.invalid(
                    value.toString(),
                    "value is not a multiple of a given step (" + by + ") from (" + least + ")");
        }
    }
}
