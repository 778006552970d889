"""National code sets as versioned data (国家代码集): divisions, ethnic groups, schooling, register lists, occupations, wages."""
