"""Hydrogen in a tank and through a stack, in fixed precision.

Both relations are not linear or not exact in integers, so each is computed once, here, with 40 significant digits, and
handed on as an integer of milligrams.

References
----------
Lemmon, Huber, Leachman (2008), Revised standardized equation for hydrogen gas densities for fuel consumption
applications, J. Res. NIST 113, 341-350, doi 10.6028/jres.113.028: coefficients, gas constant and molar mass. CODATA
2018: Faraday constant.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import lru_cache

_EXACT = Context(prec=40, rounding=ROUND_HALF_EVEN)

MOLAR_MASS_G_PER_MOL = Decimal("2.01588")
GAS_CONSTANT_J_PER_MOL_K = Decimal("8.314472")
FARADAY_CONSTANT_C_PER_MOL = Decimal("96485.33212")
ELECTRONS_PER_MOLECULE = 2

_COEFFICIENTS = tuple(
    (Decimal(a), Decimal(b), Decimal(c))
    for a, b, c in (
        ("0.05888460", "1.325", "1.0"),
        ("-0.06136111", "1.87", "1.0"),
        ("-0.002650473", "2.5", "2.0"),
        ("0.002731125", "2.8", "2.0"),
        ("0.001802374", "2.938", "2.42"),
        ("-0.001150707", "3.14", "2.63"),
        ("0.9588528e-4", "3.37", "3.0"),
        ("-0.1109040e-6", "3.75", "4.0"),
        ("0.1264403e-9", "4.0", "5.0"),
    )
)


def compressibility_factor(pressure_mpa: Decimal, temperature_k: Decimal) -> Decimal:
    """Give Z of normal hydrogen.

    Parameters
    ----------
    pressure_mpa : absolute pressure [MPa], above 0
    temperature_k : gas temperature [K], above 0

    References
    ----------
    Lemmon et al. (2008), equation and coefficients as published; stated there to hold within 0.01 % for 220-1000 K up
    to 70 MPa.
    """
    with localcontext(_EXACT):
        log_inverse_temperature = (100 / temperature_k).ln()
        log_pressure = pressure_mpa.ln()
        return 1 + sum(
            (a * (b * log_inverse_temperature + c * log_pressure).exp() for a, b, c in _COEFFICIENTS), Decimal(0)
        )


def molar_density_mol_per_l(pressure_mpa: Decimal, temperature_k: Decimal) -> Decimal:
    """Give the amount of hydrogen in a litre [mol/L] at a pressure [MPa] and a temperature [K]."""
    with localcontext(_EXACT):
        ideal = pressure_mpa * 1000 / (GAS_CONSTANT_J_PER_MOL_K * temperature_k)
        return ideal / compressibility_factor(pressure_mpa, temperature_k)


@lru_cache(maxsize=65536)
def tank_mass_mg(pressure_kpa: int, temperature_dc: int, volume_ml: int) -> int:
    """Give the hydrogen in a tank, rounded half to even.

    Parameters
    ----------
    pressure_kpa : what the tank sensor says, taken as absolute [kPa]; 0 means an empty tank
    temperature_dc : gas temperature [0.1 C]
    volume_ml : water volume of all tanks together [ml]

    Returns
    -------
    mass [mg]

    Examples
    --------
    >>> tank_mass_mg(35000, 150, 3_080_000)
    73904688
    """
    if pressure_kpa == 0 or volume_ml == 0:
        return 0
    with localcontext(_EXACT):
        kelvin = Decimal(temperature_dc) / 10 + Decimal("273.15")
        density = molar_density_mol_per_l(Decimal(pressure_kpa) / 1000, kelvin)
        return _to_integer(density * MOLAR_MASS_G_PER_MOL * volume_ml)


def stack_hydrogen_mg(charge_cell_das_twice: int) -> int:
    """Give the hydrogen that a charge converted in the stacks, rounded half to even.

    Parameters
    ----------
    charge_cell_das_twice : cells times current [0.1 A] times time [s], twice (the trapezoid's sum before halving)

    Returns
    -------
    mass [mg]; purge and crossover come on top

    Notes
    -----
    m = Q M / (2 F): 3.76076e-5 kg/h for each cell and ampere.

    Examples
    --------
    >>> stack_hydrogen_mg(2 * 10 * 400 * 300 * 3600)
    4512915
    """
    with localcontext(_EXACT):
        coulombs = Decimal(charge_cell_das_twice) / 20
        moles = coulombs / (ELECTRONS_PER_MOLECULE * FARADAY_CONSTANT_C_PER_MOL)
        return _to_integer(moles * MOLAR_MASS_G_PER_MOL * 1000)


def _to_integer(value: Decimal) -> int:
    return int(value.to_integral_value(rounding=ROUND_HALF_EVEN))
