"""The fields of a PACT product footprint by version of the data model, as a clause may name them.

Names only, as the JSON schema of 2.2 and the OpenAPI document of 3.0 give them (MIT: sine-fdn/impact-protocols,
wbcsd/pact-conformance-service). Which clause belongs to which field is for a profile's issuer to say.
"""

from collections.abc import Mapping

_RULES = "productOrSectorSpecificRules.operator productOrSectorSpecificRules.ruleNames"

_FOOTPRINT = {
    "2.2": """id specVersion precedingPfIds version created updated status statusComment validityPeriodStart
        validityPeriodEnd companyName companyIds productDescription productIds productCategoryCpc productNameCompany
        comment pcf extensions""",
    "3.0": """id specVersion precedingPfIds created status validityPeriodStart validityPeriodEnd companyName companyIds
        productDescription productIds productClassifications productNameCompany comment pcf extensions""",
}

_PCF = {
    "2.2": f"""aircraftGhgEmissions allocationRulesDescription assurance biogenicAccountingMethodology
        biogenicCarbonContent biogenicCarbonWithdrawal boundaryProcessesDescription characterizationFactors
        crossSectoralStandardsUsed dLucGhgEmissions declaredUnit dqi exemptedEmissionsDescription
        exemptedEmissionsPercent fossilCarbonContent fossilGhgEmissions geographyCountry geographyCountrySubdivision
        geographyRegionOrSubregion iLucGhgEmissions ipccCharacterizationFactorsSources landManagementGhgEmissions
        otherBiogenicGhgEmissions pCfExcludingBiogenic pCfIncludingBiogenic packagingEmissionsIncluded
        packagingGhgEmissions primaryDataShare productOrSectorSpecificRules referencePeriodEnd referencePeriodStart
        secondaryEmissionFactorSources uncertaintyAssessmentDescription unitaryProductAmount {_RULES}
        productOrSectorSpecificRules.otherOperatorName secondaryEmissionFactorSources.name
        secondaryEmissionFactorSources.version dqi.completenessDQR dqi.coveragePercent dqi.geographicalDQR
        dqi.reliabilityDQR dqi.technologicalDQR dqi.temporalDQR assurance.assurance assurance.boundary
        assurance.comments assurance.completedAt assurance.coverage assurance.level assurance.providerName
        assurance.standardName""",
    "3.0": f"""declaredUnitOfMeasurement declaredUnitAmount productMassPerDeclaredUnit referencePeriodStart
        referencePeriodEnd geographyRegionOrSubregion geographyCountry geographyCountrySubdivision
        boundaryProcessesDescription pcfExcludingBiogenicUptake pcfIncludingBiogenicUptake fossilCarbonContent
        biogenicCarbonContent recycledCarbonContent fossilGhgEmissions landUseChangeGhgEmissions landCarbonLeakage
        landManagementFossilGhgEmissions landAreaOccupation aircraftGhgEmissions packagingEmissionsIncluded
        packagingGhgEmissions packagingBiogenicCarbonContent outboundLogisticsGhgEmissions ccuCarbonContent
        ccuCalculationApproach ccuCreditCertification ipccCharacterizationFactors crossSectoralStandards
        productOrSectorSpecificRules exemptedEmissionsPercent exemptedEmissionsDescription
        allocationRulesDescription secondaryEmissionFactorSources primaryDataShare dqi verification {_RULES}
        productOrSectorSpecificRules.otherOperatorName secondaryEmissionFactorSources.name
        secondaryEmissionFactorSources.version dqi.technologicalDQR dqi.geographicalDQR dqi.temporalDQR
        verification.coverage verification.providerName verification.completedAt verification.standardName
        verification.comments""",
}

PACT_FIELDS: Mapping[str, frozenset[str]] = {
    version: frozenset([*names.split(), *(f"pcf.{name}" for name in _PCF[version].split())])
    for version, names in _FOOTPRINT.items()
}
"""Every field by version, with a dot for each level: `pcf.primaryDataShare`."""
