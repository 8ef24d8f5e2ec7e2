"""The pages: routes, forms and what guards them. Only this package knows HTTP."""
